package io.firstcome.gate.admission;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.firstcome.contract.CouponState;
import io.firstcome.contract.id.CouponId;
import io.firstcome.gate.redis.GateKeys;
import io.firstcome.gate.redis.LuaScript;

/** Claims that are judged in one round trip: those of one coupon by one run of the script. */
final class AdmissionBatch {

    private final List<AdmissionRequest> requests;
    /** The indices of each coupon's claims in the batch, in order. */
    private final Map<CouponId, List<Integer>> indices;

    AdmissionBatch(List<AdmissionRequest> requests) {
        this.requests = requests;
        this.indices = IntStream.range(0, requests.size()).boxed().collect(Collectors
                .groupingBy(i -> requests.get(i).couponId(), LinkedHashMap::new, Collectors.toList()));
    }

    /** @param common the arguments that {@code admit.lua} takes first, the same for every coupon */
    List<LuaScript.Call> calls(List<String> common) {
        return indices.entrySet().stream()
                .map(of -> new LuaScript.Call(GateKeys.of(of.getKey()), arguments(common, of.getValue()))).toList();
    }

    private List<String> arguments(List<String> common, List<Integer> claims) {
        CouponState known = newestKnown(claims);
        List<String> arguments = new ArrayList<>(common);
        arguments.add(String.valueOf(known.version()));
        arguments.add(String.valueOf(known.issued()));
        arguments.add(String.valueOf(known.revoked()));
        for (int claim : claims) {
            arguments.add(requests.get(claim).userId().value());
            arguments.add(requests.get(claim).requestId().value());
        }
        return arguments;
    }

    /** The newest state that these claims know: a gate that is behind it must reject none of them. */
    private CouponState newestKnown(List<Integer> claims) {
        return claims.stream().map(claim -> requests.get(claim).known())
                .reduce((known, next) -> next.isNewerThan(known) ? next : known).orElseThrow();
    }

    /**
     * @param runs the reply of each run of the script, in the order of the calls
     * @return each claim's reply, in the order of the batch; an error of Redis where it refused the run or the claim
     */
    List<Object> replies(List<Object> runs) {
        Object[] replies = new Object[requests.size()];
        int run = 0;
        for (List<Integer> claims : indices.values()) {
            List<?> answered = runs.get(run) instanceof List<?> each
                    ? each
                    : Collections.nCopies(claims.size(), runs.get(run));
            for (int i = 0; i < claims.size(); i++) {
                replies[claims.get(i)] = answered.get(i);
            }
            run++;
        }
        return Arrays.asList(replies);
    }
}

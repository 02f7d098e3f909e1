package io.firstcome.standalone.check.part;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import io.firstcome.contract.id.CouponId;
import io.firstcome.contract.json.ContractViolation;
import io.firstcome.standalone.check.log.Cut;
import io.firstcome.standalone.check.log.History;
import io.firstcome.standalone.check.log.LiveLog;
import io.firstcome.standalone.check.part.GateComparison.Result;
import io.firstcome.standalone.check.report.CheckResult;
import io.firstcome.standalone.check.report.Deadline;
import io.firstcome.standalone.console.Amount;
import io.firstcome.standalone.evidence.GateReader;
import io.firstcome.standalone.evidence.GateReader.Reading;
import io.firstcome.testkit.facts.CommittedCoupon;
import redis.clients.jedis.exceptions.JedisException;

/** Compares the gate in Redis with the log, coupon by coupon, until all agree or the time is over. */
public final class GateCheck {

    private static final String NAME = "GateConverges";

    private final String redis;
    private final LiveLog log;

    /** @param redis the URI of Redis */
    public GateCheck(String redis, LiveLog log) {
        this.redis = redis;
        this.log = log;
    }

    /**
     * Compares every coupon of which all outcomes were read.
     *
     * @param target what the projector is expected to have written
     * @param notCompared what of the system the log does not cover any more
     */
    public CheckResult check(Cut target, String notCompared, Deadline deadline) throws InterruptedException {
        try (var gate = new GateReader(redis)) {
            String id = log.outcomesId();
            Map<CouponId, Result> results = new HashMap<>();
            Set<CouponId> all = log.history().withAllOutcomes();
            boolean again;
            boolean differs;
            int readings = 0;
            do {
                readings++;
                List<CouponId> open = all.stream().filter(it -> !(results.get(it) instanceof Result.Agrees)).toList();
                results.putAll(compare(gate, id, open, target, Map.copyOf(results),
                        new Deadline(settleTime(deadline))));
                again = results.values().stream().anyMatch(result -> !(result instanceof Result.Agrees));
                differs = results.values().stream().anyMatch(Result.Differs.class::isInstance);
                // Only a later reading shows what lasts.
            } while (again && (deadline.pause() || readings < 2 && differs));
            return summary(results, notCompared, deadline);
        } catch (JedisException e) {
            return CheckResult.unknown(NAME, "Redis does not answer: " + e.getMessage());
        }
    }

    private Map<CouponId, Result> compare(GateReader gate, String id, List<CouponId> coupons, Cut target,
            Map<CouponId, Result> earlier, Deadline fill) throws InterruptedException {
        // The projector moves its positions after its writes, so the keys have at least the outcomes before them.
        Cut positions = new Cut(gate.positions(id));
        Map<CouponId, Optional<Reading>> readings = new LinkedHashMap<>();
        Map<CouponId, Result> unreadable = new HashMap<>();
        for (CouponId coupon : coupons) {
            try {
                readings.put(coupon, gate.read(coupon));
            } catch (ContractViolation e) {
                unreadable.put(coupon, new Result.Differs(List.of(coupon + ": " + e.getMessage())));
            }
        }
        Map<CouponId, Result> results;
        do {
            // A fill takes holders from the authority, which may be one transaction ahead of the committed log.
            results = compare(readings, id, positions, target);
            // A difference of the reading before has lasted through every transaction that was open then.
        } while (results.entrySet().stream().anyMatch(it -> it.getValue() instanceof Result.Differs
                && !it.getValue().equals(earlier.get(it.getKey()))) && fill.pause());
        results.putAll(unreadable);
        return results;
    }

    private Map<CouponId, Result> compare(Map<CouponId, Optional<Reading>> readings, String id, Cut positions,
            Cut target) {
        log.readOn();
        History history = log.history();
        Map<CouponId, CommittedCoupon> before = CommittedCoupon.of(history.outcomesBefore(positions));
        Map<CouponId, CommittedCoupon> after = CommittedCoupon.of(history.allOutcomes());
        Map<CouponId, Long> behind = new HashMap<>();
        history.outcomes().stream().filter(it -> target.contains(it.partition(), it.offset())
                && !positions.contains(it.partition(), it.offset()))
                .forEach(it -> behind.merge(it.outcome().couponId(), 1L, Long::sum));
        Map<CouponId, Result> results = new HashMap<>();
        readings.forEach((coupon, reading) -> {
            Result result = GateComparison.compare(coupon, Optional.ofNullable(before.get(coupon)),
                    after.getOrDefault(coupon, new CommittedCoupon()), reading, id, Instant.now());
            results.put(coupon, result instanceof Result.Agrees && behind.containsKey(coupon)
                    ? new Result.Incomplete(coupon + ": the projector is " + Amount.of(behind.get(coupon), "outcome")
                            + " behind")
                    : result);
        });
        return results;
    }

    private static Duration settleTime(Deadline deadline) {
        return deadline.timeout().compareTo(Deadline.OF_A_TRANSACTION) < 0
                ? deadline.timeout()
                : Deadline.OF_A_TRANSACTION;
    }

    private static CheckResult summary(Map<CouponId, Result> results, String notCompared, Deadline deadline) {
        List<String> differences = new ArrayList<>();
        List<String> incomplete = new ArrayList<>();
        long holders = 0;
        for (Result result : results.values()) {
            switch (result) {
                case Result.Agrees(int count) -> holders += count;
                case Result.Incomplete(String what) -> incomplete.add(what);
                case Result.Differs(List<String> all) -> differences.addAll(all);
            }
        }
        if (!differences.isEmpty()) {
            return CheckResult.violated(NAME, differences);
        }
        String facts = Amount.of(results.size() - incomplete.size(), "coupon") + ", "
                + Amount.of(holders, "holder") + " in the gate";
        if (!incomplete.isEmpty()) {
            return CheckResult.unknown(NAME, "%s; not complete within %d s: %s".formatted(facts,
                    deadline.timeout().toSeconds(), String.join("; ", incomplete.stream().limit(3).toList())));
        }
        return notCompared.isEmpty()
                ? CheckResult.held(NAME, facts)
                : CheckResult.unknown(NAME, facts + "; not compared: " + notCompared);
    }
}

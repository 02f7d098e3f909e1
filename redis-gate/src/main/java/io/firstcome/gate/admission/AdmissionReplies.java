package io.firstcome.gate.admission;

import java.time.Instant;
import java.util.List;

import io.firstcome.contract.RejectionReason;
import io.firstcome.contract.id.RequestId;
import io.firstcome.gate.admission.AdmissionOutcome.Admitted;
import io.firstcome.gate.admission.AdmissionOutcome.AlreadyIssued;
import io.firstcome.gate.admission.AdmissionOutcome.Cold;
import io.firstcome.gate.admission.AdmissionOutcome.Full;
import io.firstcome.gate.admission.AdmissionOutcome.InFlight;
import io.firstcome.gate.admission.AdmissionOutcome.LimitReached;
import io.firstcome.gate.admission.AdmissionOutcome.Rejected;
import io.firstcome.gate.admission.AdmissionOutcome.Unavailable;
import io.firstcome.gate.redis.GateEntry;
import io.firstcome.gate.redis.RedisNodes;
import redis.clients.jedis.exceptions.JedisException;

/** Parses the replies of {@code admit.lua}. */
final class AdmissionReplies {

    private AdmissionReplies() {}

    /**
     * Whether Redis refused to run the script or could not be reached; neither malformed keys of a coupon nor keys
     * whose slot moves are a failure of the node.
     */
    static boolean isFailure(Object reply) {
        return reply instanceof JedisException && !RedisNodes.isBetweenNodes(reply);
    }

    /**
     * @throws IllegalArgumentException when the reply is not one that the script gives for keys that this project wrote
     */
    static AdmissionOutcome outcome(Object reply) {
        return switch (reply) {
            case JedisException e when RedisNodes.isBetweenNodes(e) -> new Cold();
            case JedisException _ -> new Unavailable();
            case List<?> words -> outcome((String) words.getFirst(), words);
            default -> throw new IllegalArgumentException("unexpected reply of admit.lua: " + reply);
        };
    }

    private static AdmissionOutcome outcome(String word, List<?> words) {
        return switch (word) {
            case "ADMITTED" -> new Admitted();
            case "ALREADY_ISSUED" -> {
                GateEntry entry = GateEntry.parse((String) words.get(1));
                yield new AlreadyIssued(entry.sequence(), entry.requestId(), entry.issuedAt());
            }
            case "LIMIT_REACHED" -> new LimitReached(
                    GateEntry.parseAll((String) words.get(1)).stream().map(GateEntry::sequence).toList());
            case "SOLD_OUT" -> Rejected.soldOut(!"0".equals(words.get(1)));
            case "ENDED", "PAUSED" -> Rejected.of(RejectionReason.valueOf(word));
            case "NOT_STARTED" ->
                Rejected.notStarted(Instant.ofEpochMilli(Long.parseLong((String) words.get(1))));
            case "IN_FLIGHT" -> new InFlight(new RequestId((String) words.get(1)));
            case "FULL" -> new Full();
            case "COLD" -> new Cold();
            default -> throw new IllegalArgumentException("unexpected reply of admit.lua: " + word);
        };
    }
}

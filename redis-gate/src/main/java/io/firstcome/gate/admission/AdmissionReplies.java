package io.firstcome.gate.admission;

import java.time.Instant;
import java.util.List;

import io.firstcome.contract.RequestId;
import io.firstcome.gate.admission.AdmissionOutcome.Admitted;
import io.firstcome.gate.admission.AdmissionOutcome.AlreadyIssued;
import io.firstcome.gate.admission.AdmissionOutcome.Cold;
import io.firstcome.gate.admission.AdmissionOutcome.Ended;
import io.firstcome.gate.admission.AdmissionOutcome.Full;
import io.firstcome.gate.admission.AdmissionOutcome.InFlight;
import io.firstcome.gate.admission.AdmissionOutcome.NotStarted;
import io.firstcome.gate.admission.AdmissionOutcome.Paused;
import io.firstcome.gate.admission.AdmissionOutcome.SoldOut;
import io.firstcome.gate.admission.AdmissionOutcome.Unavailable;
import io.firstcome.gate.redis.GateEntry;
import redis.clients.jedis.exceptions.JedisDataException;

/** What the replies to {@code admit.lua} mean. */
final class AdmissionReplies {

    private AdmissionReplies() {}

    /** Whether Redis refused to work; over what it holds of a coupon the script does not stumble. */
    static boolean isRefusalToWork(Object reply) {
        return reply instanceof JedisDataException;
    }

    /** @throws IllegalArgumentException when Redis holds of this coupon what nobody here wrote */
    static AdmissionOutcome outcome(Object reply) {
        return switch (reply) {
            case JedisDataException error -> new Unavailable();
            case List<?> words -> outcome((String) words.getFirst(), words);
            default -> throw new IllegalArgumentException("admit.lua answered " + reply);
        };
    }

    private static AdmissionOutcome outcome(String word, List<?> words) {
        return switch (word) {
            case "ADMITTED" -> new Admitted();
            case "ALREADY_ISSUED" -> alreadyIssued(GateEntry.parse((String) words.get(1)));
            case "SOLD_OUT" -> new SoldOut();
            case "NOT_STARTED" -> new NotStarted(Instant.ofEpochMilli(Long.parseLong((String) words.get(1))));
            case "ENDED" -> new Ended();
            case "PAUSED" -> new Paused();
            case "IN_FLIGHT" -> new InFlight(new RequestId((String) words.get(1)));
            case "FULL" -> new Full();
            case "COLD" -> new Cold();
            default -> throw new IllegalArgumentException("admit.lua answered " + word);
        };
    }

    private static AlreadyIssued alreadyIssued(GateEntry held) {
        return new AlreadyIssued(held.sequence(), held.requestId(), held.issuedAt());
    }
}

package io.firstcome.testkit.evidence;

import java.util.List;
import java.util.Map;
import java.util.Optional;

import io.firstcome.contract.id.CouponId;
import io.firstcome.testkit.log.CouponLog;

/**
 * Everything that was observed of a run; the input of every {@link io.firstcome.testkit.guarantee.Guarantee}. Collect
 * it after the run has drained: every command is decided and every outcome is stored. A part that was not collected is
 * empty, and the guarantees that need it report {@code NotChecked}.
 *
 * @param log the content of the topics; everything else is compared with it
 * @param stored the rows in MySQL
 * @param answers the HTTP answers that clients received
 * @param gate the gate's keys in Redis, by coupon
 */
public record Evidence(
        CouponLog log,
        Optional<StoredRows> stored,
        Optional<List<Answer>> answers,
        Optional<Map<CouponId, GateView>> gate) {

    public Evidence {
        answers = answers.map(List::copyOf);
        gate = gate.map(Map::copyOf);
    }

    /** Evidence that consists of the log alone. */
    public static Evidence of(CouponLog log) {
        return new Evidence(log, Optional.empty(), Optional.empty(), Optional.empty());
    }

    /** A copy with MySQL's rows. */
    public Evidence withStored(StoredRows rows) {
        return new Evidence(log, Optional.of(rows), answers, gate);
    }

    /** A copy with the HTTP answers that clients received. */
    public Evidence withAnswers(List<Answer> received) {
        return new Evidence(log, stored, Optional.of(received), gate);
    }

    /** A copy with the content of the gate. */
    public Evidence withGate(Map<CouponId, GateView> views) {
        return new Evidence(log, stored, answers, Optional.of(views));
    }
}

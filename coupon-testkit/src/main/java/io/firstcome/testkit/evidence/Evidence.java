package io.firstcome.testkit.evidence;

import java.util.List;
import java.util.Map;
import java.util.Optional;

import io.firstcome.contract.CouponId;

/**
 * All that was seen of a run, to be judged by the guarantees. Collect it after the run has drained: every command
 * decided, every outcome stored. What was not collected is empty, and the guarantees that need it say so.
 *
 * @param log what Kafka holds; everything else is measured against it
 * @param stored what MySQL holds
 * @param answers what HTTP clients were told
 * @param gate what Redis holds
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

    /** The log alone. */
    public static Evidence of(CouponLog log) {
        return new Evidence(log, Optional.empty(), Optional.empty(), Optional.empty());
    }

    /** This and MySQL's rows. */
    public Evidence withStored(StoredRows rows) {
        return new Evidence(log, Optional.of(rows), answers, gate);
    }

    /** This and what HTTP clients were told. */
    public Evidence withAnswers(List<Answer> told) {
        return new Evidence(log, stored, Optional.of(told), gate);
    }

    /** This and what the gate holds. */
    public Evidence withGate(Map<CouponId, GateView> views) {
        return new Evidence(log, stored, answers, Optional.of(views));
    }
}

package io.firstcome.processor;

import java.util.function.Consumer;

import io.firstcome.contract.CouponOutcome;
import io.firstcome.contract.CouponOutcome.ChangeRejected;
import io.firstcome.contract.CouponOutcome.CommandInvalid;
import io.firstcome.contract.CouponOutcome.CouponChanged;
import io.firstcome.contract.CouponOutcome.CouponIssued;
import io.firstcome.contract.CouponOutcome.IssueRejected;
import io.micrometer.core.instrument.MeterRegistry;

/**
 * Counts outcomes by kind and reason when they are decided. An outcome that is decided again after an aborted
 * transaction is counted again, so use this meter for rates and the log for totals.
 */
record OutcomeMetrics(MeterRegistry registry) implements Consumer<CouponOutcome> {

    static final String OUTCOMES = "firstcome.outcomes";

    @Override
    public void accept(CouponOutcome outcome) {
        registry.counter(OUTCOMES, "kind", outcome.getClass().getSimpleName(), "reason", reason(outcome)).increment();
    }

    private static String reason(CouponOutcome outcome) {
        return switch (outcome) {
            case IssueRejected rejected -> rejected.reason().name();
            case CouponChanged changed -> changed.change().name();
            case ChangeRejected rejected -> rejected.reason().name();
            case CouponIssued _ -> "NONE";
            case CommandInvalid _ -> "NONE";
        };
    }
}

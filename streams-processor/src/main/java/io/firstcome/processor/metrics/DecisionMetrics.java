package io.firstcome.processor;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

import io.firstcome.contract.CouponOutcome;
import io.firstcome.contract.CouponOutcome.ChangeRejected;
import io.firstcome.contract.CouponOutcome.CommandInvalid;
import io.firstcome.contract.CouponOutcome.CouponChanged;
import io.firstcome.contract.CouponOutcome.CouponIssued;
import io.firstcome.contract.CouponOutcome.IssueRejected;
import io.firstcome.contract.CouponOutcome.IssueRevoked;
import io.firstcome.kit.metrics.Meters;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/**
 * Counts outcomes by kind and reason when they are decided. An outcome that is decided again after an aborted
 * transaction is counted again, so use this meter for rates and the log for totals.
 */
final class OutcomeMetrics implements Consumer<CouponOutcome> {

    private final MeterRegistry registry;
    /** By reason, or by type for outcomes without one. The look-up in the registry allocates tags for every outcome. */
    private final Map<Object, Counter> counters = new ConcurrentHashMap<>();

    OutcomeMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    @Override
    public void accept(CouponOutcome outcome) {
        Object key = switch (outcome) {
            case IssueRejected rejected -> rejected.reason();
            case CouponChanged changed -> changed.change();
            case ChangeRejected rejected -> rejected.reason();
            case CouponIssued _ -> CouponIssued.class;
            case IssueRevoked _ -> IssueRevoked.class;
            case CommandInvalid _ -> CommandInvalid.class;
        };
        counters.computeIfAbsent(key, _ -> counter(outcome, key)).increment();
    }

    private Counter counter(CouponOutcome outcome, Object key) {
        String reason = key instanceof Enum<?> constant ? constant.name() : "NONE";
        return Meters.OUTCOMES.register(registry, outcome.getClass().getSimpleName(), reason);
    }
}

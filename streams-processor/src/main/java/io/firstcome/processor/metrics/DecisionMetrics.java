package io.firstcome.processor.metrics;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

import io.firstcome.contract.CouponOutcome;
import io.firstcome.contract.CouponOutcome.ChangeRejected;
import io.firstcome.contract.CouponOutcome.CommandInvalid;
import io.firstcome.contract.CouponOutcome.CouponChanged;
import io.firstcome.contract.CouponOutcome.CouponIssued;
import io.firstcome.contract.CouponOutcome.IssueRejected;
import io.firstcome.contract.CouponOutcome.IssueRevoked;
import io.firstcome.kit.metrics.Meters;
import io.firstcome.processor.topology.CouponTopology;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;

/**
 * Counts and times outcomes when they are decided. An outcome that is decided again after an aborted transaction is
 * counted again, so use these meters for rates and the log for totals.
 */
public final class DecisionMetrics implements CouponTopology.Observer {

    private final MeterRegistry registry;
    private final LongSupplier clock;
    private final Timer delays;
    private final Counter deadLetters;
    /** By reason, or by type for outcomes without one. The look-up in the registry allocates tags for every outcome. */
    private final Map<Object, Counter> counters = new ConcurrentHashMap<>();

    /** @param clock the time in milliseconds since 1970 */
    public DecisionMetrics(MeterRegistry registry, LongSupplier clock) {
        this.registry = registry;
        this.clock = clock;
        this.delays = Meters.DECISION_DELAY.register(registry);
        this.deadLetters = Meters.AUTHORITY_DEAD_LETTERS.register(registry);
    }

    @Override
    public void decided(CouponOutcome outcome, long appendTime) {
        Object key = switch (outcome) {
            case IssueRejected rejected -> rejected.reason();
            case CouponChanged changed -> changed.change();
            case ChangeRejected rejected -> rejected.reason();
            case CouponIssued _ -> CouponIssued.class;
            case IssueRevoked _ -> IssueRevoked.class;
            case CommandInvalid _ -> CommandInvalid.class;
        };
        counters.computeIfAbsent(key, _ -> counter(outcome, key)).increment();
        // The broker's clock may be ahead.
        delays.record(Math.max(0, clock.getAsLong() - appendTime), TimeUnit.MILLISECONDS);
    }

    @Override
    public void deadLettered() {
        deadLetters.increment();
    }

    private Counter counter(CouponOutcome outcome, Object key) {
        String reason = key instanceof Enum<?> constant ? constant.name() : "NONE";
        return Meters.OUTCOMES.register(registry, outcome.getClass().getSimpleName(), reason);
    }
}

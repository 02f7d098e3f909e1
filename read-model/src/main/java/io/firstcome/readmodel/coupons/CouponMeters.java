package io.firstcome.readmodel.coupons;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

import io.firstcome.contract.CouponState;
import io.firstcome.kit.metrics.MeterSpec.GaugeSpec;
import io.firstcome.kit.metrics.Meters;
import io.firstcome.kit.metrics.Metrics;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;

/**
 * Stock and counts of the open coupons, by coupon. Every value of a label is a series of its own in Prometheus, so only
 * the coupons that opened last have their own label; all others are added up under {@code other}.
 */
public final class CouponMeters {

    /** The label of the coupons that have no label of their own. */
    static final String OTHER = "other";

    /** The coupon that opened last comes first. */
    private static final Comparator<CouponState> LATEST = Comparator
            .<CouponState, Instant>comparing(state -> state.definition().opensAt()).reversed()
            .thenComparing(state -> state.couponId().value());

    private final Supplier<Stream<CouponState>> coupons;
    private final BooleanSupplier isCurrent;
    private final int max;
    private final InstantSource clock;
    private final Map<GaugeSpec, MultiGauge> gauges = new LinkedHashMap<>();
    private volatile Map<String, Counts> countsByLabel = Map.of();
    private volatile double open = Double.NaN;

    private record Counts(long stock, long issued, long revoked, long remaining) {

        private static Counts of(CouponState state) {
            return new Counts(state.definition().stock(), state.issued(), state.revoked(), state.remaining());
        }

        private Counts plus(Counts other) {
            return new Counts(stock + other.stock, issued + other.issued, revoked + other.revoked,
                    remaining + other.remaining);
        }
    }

    /**
     * Registers the meters, which are brought up to date at each scrape.
     *
     * @param coupons all coupons that are known
     * @param isCurrent whether the coupons have been read up to now; otherwise every value is NaN
     * @param max how many coupons have a label of their own; 0 for none
     */
    public CouponMeters(Supplier<Stream<CouponState>> coupons, BooleanSupplier isCurrent, int max, InstantSource clock,
            Metrics metrics) {
        this.coupons = coupons;
        this.isCurrent = isCurrent;
        this.max = max;
        this.clock = clock;
        List.of(Meters.COUPON_STOCK, Meters.COUPON_ISSUED, Meters.COUPON_REVOKED, Meters.COUPON_REMAINING)
                .forEach(gauge -> gauges.put(gauge, gauge.registerMany(metrics.registry())));
        Meters.COUPONS_OPEN.register(metrics.registry(), () -> open);
        metrics.beforeScrape(this::update);
    }

    private synchronized void update() {
        if (!isCurrent.getAsBoolean()) {
            countsByLabel = Map.of();
            open = Double.NaN;
            return;
        }
        Instant now = clock.instant();
        List<CouponState> latestFirst = coupons.get().filter(state -> isOpen(state, now)).sorted(LATEST).toList();
        Map<String, Counts> counts = new LinkedHashMap<>();
        // First, so that a coupon with the id "other" does not replace the sum but is added to it.
        counts.put(OTHER, new Counts(0, 0, 0, 0));
        for (int i = 0; i < latestFirst.size(); i++) {
            CouponState state = latestFirst.get(i);
            counts.merge(i < max ? state.couponId().value() : OTHER, Counts.of(state), Counts::plus);
        }
        countsByLabel = counts;
        open = latestFirst.size();
        register(Meters.COUPON_STOCK, Counts::stock);
        register(Meters.COUPON_ISSUED, Counts::issued);
        register(Meters.COUPON_REVOKED, Counts::revoked);
        register(Meters.COUPON_REMAINING, Counts::remaining);
    }

    private static boolean isOpen(CouponState state, Instant now) {
        return !state.status().isFinal() && !now.isBefore(state.definition().opensAt())
                && now.isBefore(state.definition().closesAt());
    }

    /** Rows that exist are kept, because another thread may be writing them; so a row reads the current counts. */
    private void register(GaugeSpec gauge, ToLongFunction<Counts> value) {
        String tag = gauge.tags().getFirst();
        gauges.get(gauge).register(countsByLabel.keySet().stream()
                .<Row<?>>map(label -> Row.of(Tags.of(tag, label), () -> value(label, value))).toList());
    }

    private double value(String label, ToLongFunction<Counts> value) {
        Counts counts = countsByLabel.get(label);
        return counts == null ? Double.NaN : value.applyAsLong(counts);
    }
}

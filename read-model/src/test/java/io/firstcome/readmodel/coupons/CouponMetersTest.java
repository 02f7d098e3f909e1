package io.firstcome.readmodel.coupons;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import io.firstcome.contract.CouponDefinition;
import io.firstcome.contract.CouponState;
import io.firstcome.contract.CouponStatus;
import io.firstcome.contract.id.CouponId;
import io.firstcome.kit.metrics.MeterSpec;
import io.firstcome.kit.metrics.Meters;
import io.firstcome.kit.metrics.Metrics;
import io.micrometer.core.instrument.Gauge;

class CouponMetersTest {

    private boolean current = true;
    private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");

    private final Metrics metrics = new Metrics("test");
    private final List<CouponState> coupons = new ArrayList<>();

    @AfterEach
    void close() {
        metrics.close();
    }

    @Test
    void shouldLabelTheCouponsThatOpenedLast() {
        // given
        coupons.addAll(
                List.of(coupon("old", 30, 10, 4, 1), coupon("new", 1, 100, 7, 0), coupon("older", 40, 20, 3, 0)));
        meters(1);

        // when
        metrics.scrape();

        // then
        assertThat(values(Meters.COUPON_STOCK)).isEqualTo(Map.of("new", 100.0, "other", 30.0));
        assertThat(values(Meters.COUPON_ISSUED)).isEqualTo(Map.of("new", 7.0, "other", 7.0));
        assertThat(values(Meters.COUPON_REVOKED)).isEqualTo(Map.of("new", 0.0, "other", 1.0));
        assertThat(values(Meters.COUPON_REMAINING)).isEqualTo(Map.of("new", 93.0, "other", 24.0));
        assertThat(metrics.registry().get(Meters.COUPONS_OPEN.name()).gauge().value()).isEqualTo(3);
    }

    @Test
    void shouldLeaveOutCouponsThatAreNotOpen() {
        // given
        coupons.addAll(List.of(coupon("next", -5, 10, 0, 0), coupon("over", 70, 10, 10, 0),
                with(coupon("closed", 5, 10, 1, 0), CouponStatus.CLOSED)));
        meters(50);

        // when
        metrics.scrape();

        // then
        assertThat(values(Meters.COUPON_STOCK)).isEqualTo(Map.of("other", 0.0));
        assertThat(metrics.registry().get(Meters.COUPONS_OPEN.name()).gauge().value()).isZero();
    }

    @Test
    void shouldFollowChangesAndRemoveACouponThatEnded() {
        // given
        coupons.addAll(List.of(coupon("a", 1, 10, 4, 0), coupon("b", 2, 10, 0, 0)));
        meters(50);
        metrics.scrape();

        // when
        coupons.set(0, coupon("a", 1, 10, 9, 0));
        coupons.set(1, with(coupons.get(1), CouponStatus.CLOSED));
        metrics.scrape();

        // then
        assertThat(values(Meters.COUPON_ISSUED)).isEqualTo(Map.of("a", 9.0, "other", 0.0));
    }

    @Test
    void shouldAddACouponWithTheIdOtherToTheSum() {
        // given
        coupons.addAll(List.of(coupon("other", 1, 10, 4, 0), coupon("b", 2, 10, 1, 0)));
        meters(1);

        // when
        metrics.scrape();

        // then
        assertThat(values(Meters.COUPON_ISSUED)).isEqualTo(Map.of("other", 5.0));
    }

    @Test
    void shouldKnowNothingBeforeTheCouponsAreRead() {
        // given
        coupons.add(coupon("a", 1, 10, 4, 0));
        meters(1);
        metrics.scrape();

        // when
        current = false;
        metrics.scrape();

        // then
        assertThat(values(Meters.COUPON_ISSUED).values()).containsOnly(Double.NaN);
        assertThat(metrics.registry().get(Meters.COUPONS_OPEN.name()).gauge().value()).isNaN();
    }

    private void meters(int max) {
        new CouponMeters(coupons::stream, () -> current, max, () -> NOW, metrics);
    }

    private Map<String, Double> values(MeterSpec meter) {
        return metrics.registry().get(meter.name()).gauges().stream()
                .collect(Collectors.toMap(gauge -> gauge.getId().getTag("coupon"), Gauge::value));
    }

    private static CouponState coupon(String id, int openMinutes, long stock, long issued, long revoked) {
        Instant opensAt = NOW.minusSeconds(60L * openMinutes);
        var definition = new CouponDefinition(new CouponId(id), id, stock, opensAt, opensAt.plusSeconds(3600));
        return new CouponState(definition, CouponStatus.ACTIVE, 1, issued, revoked);
    }

    private static CouponState with(CouponState state, CouponStatus status) {
        return new CouponState(state.definition(), status, state.version(), state.issued(), state.revoked());
    }
}

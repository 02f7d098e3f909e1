package io.firstcome.gate.projection;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;

import org.junit.jupiter.api.Test;

import io.firstcome.gate.GateSettings;
import io.firstcome.testing.Campaign;

class OpenCouponsTest {

    private static final Instant CLOSES_AT = Instant.parse("2026-01-01T00:00:00Z");

    private final GateSettings settings = GateSettings.from(Map.of());
    private final Campaign campaign = Campaign.between(Instant.EPOCH, CLOSES_AT);
    private final KnownCoupons directory = new KnownCoupons();
    private Instant now = CLOSES_AT;
    private Duration skew = settings.skew();
    private final OpenCoupons coupons = new OpenCoupons(directory, settings, () -> now, () -> skew);

    @Test
    void shouldKeepACouponOpenForTheMeasuredSkew() {
        // given
        directory.put(campaign.state(1, 10, 0));
        now = CLOSES_AT.plus(settings.skew());
        assertThat(coupons.find(campaign.couponId())).as("with the configured skew").isEmpty();

        // when
        skew = settings.skew().plusSeconds(3);

        // then
        assertThat(coupons.find(campaign.couponId())).isPresent();
        assertThat(coupons.all()).hasSize(1);
    }

    @Test
    void shouldRetainACouponForTheMeasuredSkew() {
        // given
        directory.put(campaign.state(1, 10, 0));
        now = CLOSES_AT.plus(settings.retention()).plus(settings.skew());
        assertThat(coupons.isRetentionOver(campaign.couponId())).as("with the configured skew").isTrue();

        // when
        skew = settings.skew().plusSeconds(3);

        // then
        assertThat(coupons.isRetentionOver(campaign.couponId())).isFalse();
    }
}

package io.firstcome.ingress.publishing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;

import org.junit.jupiter.api.Test;

import io.firstcome.kit.metrics.MeterSpec;
import io.firstcome.kit.metrics.Meters;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

class ClockOffsetTest {

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private long nanos;
    private final ClockOffset offset = new ClockOffset(2, () -> nanos, meters);

    @Test
    void shouldNotKnowTheOffsetBeforeAnAcknowledgement() {
        // then
        assertThat(value(Meters.CLOCK_OFFSET)).isNaN();
        assertThat(value(Meters.CLOCK_OFFSET_ERROR)).isNaN();
    }

    @Test
    void shouldEstimateTheOffsetFromTheShortestRoundTrip() {
        // when
        offset.acknowledged(0, 1000, 1200, 1350);
        offset.acknowledged(0, 2000, 2010, 2255);
        offset.acknowledged(0, 3000, 3100, 3260);

        // then
        assertThat(value(Meters.CLOCK_OFFSET)).isEqualTo(0.250, within(1e-9));
        assertThat(value(Meters.CLOCK_OFFSET_ERROR)).isEqualTo(0.006, within(1e-9));
    }

    @Test
    void shouldShowThePartitionWhoseClockDiffersMost() {
        // when
        offset.acknowledged(0, 1000, 1010, 1005);
        offset.acknowledged(1, 1000, 1010, 905);

        // then
        assertThat(value(Meters.CLOCK_OFFSET)).isEqualTo(-0.100, within(1e-9));
    }

    @Test
    void shouldPreferACertainDifferenceToACoarseEstimate() {
        // when
        offset.acknowledged(0, 1000, 1010, 1055);
        offset.acknowledged(1, 1000, 1400, 1390);

        // then
        assertThat(value(Meters.CLOCK_OFFSET)).isEqualTo(0.050, within(1e-9));
    }

    @Test
    void shouldProveTheLeastDifferenceOfTheClocks() {
        // given
        Duration before = offset.certain();

        // when
        offset.acknowledged(0, 1000, 1010, 6005);
        offset.acknowledged(1, 1000, 1010, 1005);

        // then
        assertThat(before).isEqualTo(Duration.ZERO);
        assertThat(offset.certain()).isEqualTo(Duration.ofMillis(4994));
    }

    @Test
    void shouldProveNoDifferenceByASlowAcknowledgement() {
        // when
        offset.acknowledged(0, 1000, 9000, 8990);

        // then
        assertThat(offset.certain()).isEqualTo(Duration.ZERO);
    }

    @Test
    void shouldKeepTheDifferenceWhileNoAcknowledgementComes() {
        // given
        offset.acknowledged(0, 1000, 1010, 6005);

        // when
        nanos = Duration.ofDays(1).toNanos();

        // then
        assertThat(offset.certain()).isEqualTo(Duration.ofMillis(4994));
        offset.acknowledged(1, 86_400_000, 86_400_010, 86_400_005);
        assertThat(offset.certain()).as("partition 0 has had no acknowledgement for long").isEqualTo(Duration.ZERO);
    }

    @Test
    void shouldNoticeThatAClockWasSet() {
        // given
        offset.acknowledged(0, 1000, 1002, 1001);

        // when
        offset.acknowledged(0, 2000, 2100, 7050);

        // then
        assertThat(value(Meters.CLOCK_OFFSET)).isEqualTo(5.0, within(1e-9));
    }

    @Test
    void shouldReplaceAnEstimateAfterAMinute() {
        // given
        offset.acknowledged(0, 1000, 1002, 1001);
        nanos = Duration.ofSeconds(61).toNanos();

        // when
        offset.acknowledged(0, 62_000, 62_100, 62_060);

        // then
        assertThat(value(Meters.CLOCK_OFFSET)).isEqualTo(0.010, within(1e-9));
    }

    @Test
    void shouldForgetAnEstimateAfterTenMinutes() {
        // given
        offset.acknowledged(0, 1000, 1002, 1001);

        // when
        nanos = Duration.ofMinutes(11).toNanos();

        // then
        assertThat(value(Meters.CLOCK_OFFSET)).isNaN();
    }

    @Test
    void shouldIgnoreARoundTripDuringWhichTheClockWasSetBack() {
        // when
        offset.acknowledged(0, 2000, 1000, 2001);

        // then
        assertThat(value(Meters.CLOCK_OFFSET)).isNaN();
    }

    private double value(MeterSpec meter) {
        return meters.get(meter.name()).gauge().value();
    }
}

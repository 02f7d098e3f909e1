package io.firstcome.ingress.publishing;

import java.time.Duration;
import java.util.Comparator;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;

import io.firstcome.kit.metrics.Meters;
import io.micrometer.core.instrument.MeterRegistry;

/**
 * Estimates how far the brokers' clocks are from this host's. A broker appends a record at some moment between the send
 * and the acknowledgement, and the acknowledgement carries the broker's time of this moment. So the time in the middle
 * of the two differs from the broker's by the offset of the clocks, give or take half of the time between them, as in
 * the clock filter of NTP (RFC 5905, section 10). The shortest round trip of the last minute gives the best estimate.
 *
 * <p>Each partition has its own estimate, because their leaders have clocks of their own. The meter shows the one whose
 * clock differs most for certain. This certain difference widens the time around opening and closing in which the log
 * decides, see {@link CommandPublisher#clockDifference}.
 */
final class ClockOffset {

    /** An older estimate is replaced by any other one: clocks drift. */
    private static final long MAX_AGE_NANOS = Duration.ofMinutes(1).toNanos();
    /** An older estimate is not shown. */
    private static final long FORGOTTEN_AFTER_NANOS = Duration.ofMinutes(10).toNanos();
    /** All times are rounded down to milliseconds. */
    private static final double ROUNDING_MILLIS = 1;

    private final AtomicReferenceArray<Estimate> byPartition;
    private final LongSupplier nanoTime;
    private volatile Duration certain = Duration.ZERO;

    private record Estimate(double offsetMillis, double errorMillis, long atNanos) {

        private boolean isReplacedBy(Estimate newer) {
            // Two estimates that exclude each other: one of the clocks was set between them.
            boolean excludes = Math.abs(newer.offsetMillis - offsetMillis) > newer.errorMillis + errorMillis;
            return excludes || newer.errorMillis < errorMillis || newer.atNanos - atNanos > MAX_AGE_NANOS;
        }

        /** The least difference of the clocks that explains the acknowledgement; negative when they may be equal. */
        private double certainMillis() {
            return Math.abs(offsetMillis) - errorMillis;
        }
    }

    /** @param nanoTime a clock such as {@link System#nanoTime}, for the age of estimates */
    ClockOffset(int partitions, LongSupplier nanoTime, MeterRegistry meters) {
        this.byPartition = new AtomicReferenceArray<>(partitions);
        this.nanoTime = nanoTime;
        Meters.CLOCK_OFFSET.register(meters,
                () -> largest(nanoTime.getAsLong()).map(it -> it.offsetMillis / 1000).orElse(Double.NaN));
        Meters.CLOCK_OFFSET_ERROR.register(meters,
                () -> largest(nanoTime.getAsLong()).map(it -> it.errorMillis / 1000).orElse(Double.NaN));
    }

    /**
     * The broker acknowledged a record. All times are milliseconds since 1970.
     *
     * @param sent when the record was sent, by this host's clock
     * @param acknowledged when the acknowledgement came, by this host's clock
     * @param appended when the broker appended the record, by its own clock
     */
    void acknowledged(int partition, long sent, long acknowledged, long appended) {
        if (acknowledged < sent) {
            // This host's clock was set back while the record was under way.
            return;
        }
        var estimate = new Estimate(appended - (sent + acknowledged) / 2.0,
                (acknowledged - sent) / 2.0 + ROUNDING_MILLIS, nanoTime.getAsLong());
        Estimate best = byPartition.get(partition);
        if (best == null || best.isReplacedBy(estimate)) {
            byPartition.set(partition, estimate);
            double millis = largest(estimate.atNanos).map(Estimate::certainMillis).orElse(0.0);
            certain = Duration.ofMillis((long) Math.ceil(Math.max(0, millis)));
        }
    }

    /**
     * The least difference of the clocks that explains the acknowledgements, of the partition where it is largest; zero
     * before the first acknowledgement. Time without acknowledgements does not make a difference go away, so this value
     * stays until another acknowledgement.
     */
    Duration certain() {
        return certain;
    }

    private Optional<Estimate> largest(long now) {
        return IntStream.range(0, byPartition.length()).mapToObj(byPartition::get)
                .filter(it -> it != null && now - it.atNanos <= FORGOTTEN_AFTER_NANOS)
                .max(Comparator.comparingDouble(Estimate::certainMillis));
    }
}

package io.firstcome.kit.metrics;

import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;

/**
 * The declaration of a meter, see {@link Meters}. A meter is registered through its declaration only, so that name,
 * unit and tags are the same everywhere. A tag's values must be few: never ids of users or requests.
 */
public sealed interface MeterSpec {

    /** The name, such as {@code firstcome.claims}. */
    String name();

    /** What the meter counts or measures, in the plural, such as {@code claims} or {@code seconds}. */
    String unit();

    /** One sentence, which Prometheus shows as the help text. */
    String description();

    /** The names of the tags, in the order in which registrations give their values. */
    List<String> tags();

    /** The type as {@code docs/metrics.md} names it. */
    String type();

    /** The families on {@code /metrics}, in the order of {@code docs/metrics.md}. */
    List<String> families();

    private static String family(MeterSpec meter) {
        return meter.name().replace('.', '_');
    }

    private static Tags tagged(MeterSpec meter, String... values) {
        if (values.length != meter.tags().size()) {
            throw new IllegalArgumentException(
                    meter.name() + " has the tags " + meter.tags() + ", so it cannot have " + values.length
                            + " values");
        }
        return Tags
                .of(IntStream.range(0, values.length).mapToObj(i -> Tag.of(meter.tags().get(i), values[i])).toList());
    }

    /** Only grows. */
    record CounterSpec(String name, String unit, String description, List<String> tags) implements MeterSpec {

        /** The counter with these values of the tags; the same one for the same values. */
        public Counter register(MeterRegistry registry, String... tagValues) {
            return Counter.builder(name).description(description).tags(tagged(this, tagValues))
                    .register(registry);
        }

        @Override
        public String type() {
            return "counter";
        }

        @Override
        public List<String> families() {
            return List.of(family(this) + "_total");
        }
    }

    /** A value of the moment. */
    record GaugeSpec(String name, String unit, String description, List<String> tags) implements MeterSpec {

        /** Registers the value, which is read at each scrape and may be NaN. The registry keeps the supplier alive. */
        public void register(MeterRegistry registry, Supplier<? extends Number> value, String... tagValues) {
            Gauge.builder(name, value::get).description(description).tags(tagged(this, tagValues))
                    .register(registry);
        }

        /**
         * A set of values whose tags change while the service runs.
         *
         * @throws IllegalStateException unless the gauge has tags
         */
        public MultiGauge registerMany(MeterRegistry registry) {
            if (tags.isEmpty()) {
                throw new IllegalStateException(name + " has no tags");
            }
            return MultiGauge.builder(name).description(description).register(registry);
        }

        @Override
        public String type() {
            return "gauge";
        }

        @Override
        public List<String> families() {
            return List.of(family(this));
        }
    }

    /**
     * Durations.
     *
     * @param buckets the upper bounds of the histogram, ascending
     */
    record TimerSpec(String name, String description, List<Duration> buckets, List<String> tags) implements MeterSpec {

        /** The timer with these values of the tags; the same one for the same values. */
        public Timer register(MeterRegistry registry, String... tagValues) {
            return Timer.builder(name).description(description).tags(tagged(this, tagValues))
                    .serviceLevelObjectives(buckets.toArray(Duration[]::new)).register(registry);
        }

        @Override
        public String unit() {
            return "seconds";
        }

        @Override
        public String type() {
            return "histogram";
        }

        @Override
        public List<String> families() {
            return List.of(family(this) + "_seconds", family(this) + "_seconds_max");
        }
    }

    /**
     * Amounts, such as the sizes of batches.
     *
     * @param buckets the upper bounds of the histogram, ascending
     */
    record SummarySpec(String name, String unit, String description, List<Integer> buckets, List<String> tags)
            implements
                MeterSpec {

        /** The distribution with these values of the tags; the same one for the same values. */
        public DistributionSummary register(MeterRegistry registry, String... tagValues) {
            return DistributionSummary.builder(name).description(description).tags(tagged(this, tagValues))
                    .serviceLevelObjectives(buckets.stream().mapToDouble(Integer::doubleValue).toArray())
                    .register(registry);
        }

        @Override
        public String type() {
            return "histogram";
        }

        @Override
        public List<String> families() {
            return List.of(family(this), family(this) + "_max");
        }
    }
}

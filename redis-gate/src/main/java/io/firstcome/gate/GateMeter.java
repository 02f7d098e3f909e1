package io.firstcome.gate;

import java.util.function.Supplier;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;

/** Every meter of the gate. */
public enum GateMeter {

    REPLIES("firstcome.gate.replies", "replies", "Claims that the gate judged, by reply."),
    BATCH("firstcome.gate.batch", "claims", "Claims that shared a round trip to Redis."),
    ROUNDTRIP("firstcome.gate.roundtrip", "seconds", "Round trips to Redis, the failed ones included."),
    BREAKER_OPEN("firstcome.gate.breaker.open", null, "1 while claims bypass Redis because it fails, else 0."),
    LAG("firstcome.gate.projector.lag", "records", "Committed records that the projector has not written to Redis."),
    INVALID("firstcome.gate.projector.records.invalid", null, "Records that the projector could not decode."),
    FILLS("firstcome.gate.fills", "fills", "Coupons whose holders were read from the authority to the last page."),
    FILL_DURATION("firstcome.gate.fill.duration", "seconds", "Time from the first page of a fill to the last."),
    FILL_HOLDERS("firstcome.gate.fill.holders", "holders", "Holders that fills wrote to Redis."),
    COLD_COUPONS("firstcome.gate.cold.coupons", "coupons",
            "Open coupons that the gate could not judge when last checked.");

    private final String meterName;
    private final String unit;
    private final String description;

    GateMeter(String meterName, String unit, String description) {
        this.meterName = meterName;
        this.unit = unit;
        this.description = description;
    }

    /** The name under which the meter is registered. */
    public String meterName() {
        return meterName;
    }

    /** Registers the meter as a counter. */
    public Counter counter(MeterRegistry meters, String... tags) {
        return Counter.builder(meterName).baseUnit(unit).description(description).tags(tags).register(meters);
    }

    /** Registers the meter as a timer. */
    public Timer timer(MeterRegistry meters) {
        return Timer.builder(meterName).description(description).register(meters);
    }

    /** Registers the meter as a distribution of amounts. */
    public DistributionSummary summary(MeterRegistry meters) {
        return DistributionSummary.builder(meterName).baseUnit(unit).description(description).register(meters);
    }

    /** Registers the meter as a gauge; the registry keeps the supplier alive. */
    public void gauge(MeterRegistry meters, Supplier<Number> value) {
        Gauge.builder(meterName, value).baseUnit(unit).description(description).register(meters);
    }
}

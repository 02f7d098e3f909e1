package io.firstcome.readmodel.requests;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import io.firstcome.kit.settings.Setting;

/**
 * How much of the past an ingress can be asked about.
 *
 * @param kept how long a request is remembered after the last news of it
 * @param most how many requests are remembered; beyond it the oldest are forgotten first
 */
public record RequestSettings(Duration kept, int most) {

    private static final Setting<Duration> KEPT = Setting.millis("FIRSTCOME_REQUESTS_RETENTION_MS", 600_000, 1000,
            86_400_000,
            "How long a request can be asked about after the last news of it.");
    private static final Setting<Integer> MOST = Setting.number("FIRSTCOME_REQUESTS_MAX", 200_000, 1, 100_000_000,
            "requests", "How many requests are remembered; beyond it the oldest are forgotten (about 500 bytes each).");

    /** Every key, for the documentation. */
    public static final List<Setting<?>> ALL = List.of(KEPT, MOST);

    /** The settings of an environment. */
    public static RequestSettings from(Map<String, String> environment) {
        return new RequestSettings(KEPT.from(environment), MOST.from(environment));
    }
}

package io.firstcome.readmodel.requests;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import io.firstcome.kit.settings.Setting;

/**
 * How many requests an ingress remembers, and for how long.
 *
 * @param retention how long a request is remembered after the last record about it was read
 * @param max how many requests are remembered; beyond this number the oldest are forgotten first
 */
public record RequestSettings(Duration retention, int max) {

    private static final Setting<Duration> RETENTION = Setting.millis("FIRSTCOME_REQUESTS_RETENTION_MS", 600_000, 1000,
            86_400_000, "How long the status of a request can be queried after the last record about the request.");
    private static final Setting<Integer> MAX = Setting.number("FIRSTCOME_REQUESTS_MAX", 200_000, 1, 100_000_000,
            "requests",
            "How many requests an ingress remembers (about 500 bytes each)."
                    + " Beyond this number it forgets the oldest first.");

    /** All settings, for the documentation. */
    public static final List<Setting<?>> ALL = List.of(RETENTION, MAX);

    /** The settings of an environment. */
    public static RequestSettings from(Map<String, String> environment) {
        return new RequestSettings(RETENTION.from(environment), MAX.from(environment));
    }
}

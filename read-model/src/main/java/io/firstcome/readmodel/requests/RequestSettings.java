package io.firstcome.readmodel.requests;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import io.firstcome.kit.settings.Setting;

/**
 * How many requests an ingress remembers, and for how long.
 *
 * @param retention how long a decided request is remembered after the last record about it was read
 * @param max how many decided requests are remembered, and how many pending ones; beyond this number the oldest of the
 *     kind are forgotten first
 */
public record RequestSettings(Duration retention, int max) {

    private static final Setting<Duration> RETENTION = Setting.millis("FIRSTCOME_REQUESTS_RETENTION_MS", 600_000, 1000,
            86_400_000,
            "How long the status of a decided request can be queried after the last record about the request.");
    private static final Setting<Integer> MAX = Setting.number("FIRSTCOME_REQUESTS_MAX", 200_000, 1, 100_000_000,
            "requests",
            "How many decided requests an ingress remembers, and as many pending ones beside them (about 200 bytes"
                    + " each). Beyond this number the oldest of a kind are forgotten first. The status of a"
                    + " request that is not known is 503 while a forgotten one may be undecided. 200,000 are the"
                    + " requests of ten minutes at 333 a second, of 100 seconds at 2,000 a second, and of 25 seconds at"
                    + " 8,000 a second.");

    /** All settings, for the documentation. */
    public static final List<Setting<?>> ALL = List.of(RETENTION, MAX);

    /** The settings of an environment. */
    public static RequestSettings from(Map<String, String> environment) {
        return new RequestSettings(RETENTION.from(environment), MAX.from(environment));
    }
}

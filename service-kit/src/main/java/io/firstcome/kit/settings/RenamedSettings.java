package io.firstcome.kit.settings;

import java.util.Map;
import java.util.TreeMap;

import io.firstcome.kit.service.StartFailure;

/**
 * The settings that had another name before 0.1.0, and those that were removed. A service does not start when one of
 * them is set: it would silently use a default that the operator did not choose.
 */
public final class RenamedSettings {

    private static final Map<String, String> NEW_NAMES = new TreeMap<>(Map.ofEntries(
            Map.entry("FIRSTCOME_ADDRESS_RATE", "FIRSTCOME_ADDRESS_CLAIMS_PER_SECOND"),
            Map.entry("FIRSTCOME_ADMIN_FAILURES", "FIRSTCOME_ADMIN_FAILURES_PER_MINUTE"),
            Map.entry("FIRSTCOME_DB_POOL", "FIRSTCOME_DB_WRITE_CONNECTIONS"),
            Map.entry("FIRSTCOME_DB_READERS", "FIRSTCOME_DB_READ_CONNECTIONS"),
            Map.entry("FIRSTCOME_EVENTS_KEPT", "FIRSTCOME_EVENTS_RETAINED_MAX"),
            Map.entry("FIRSTCOME_EVENTS_MOST", "FIRSTCOME_EVENTS_TOTAL_MAX"),
            Map.entry("FIRSTCOME_EVENTS_PER_CALLER", "FIRSTCOME_EVENT_SUBSCRIBERS_PER_CALLER_MAX"),
            Map.entry("FIRSTCOME_EVENTS_SUBSCRIBERS", "FIRSTCOME_EVENT_SUBSCRIBERS_MAX"),
            Map.entry("FIRSTCOME_GATE_KEEP_MS", "FIRSTCOME_GATE_RETENTION_MS"),
            Map.entry("FIRSTCOME_HTTP_CONNECTIONS", "FIRSTCOME_HTTP_CONNECTIONS_MAX"),
            Map.entry("FIRSTCOME_IN_FLIGHT", "FIRSTCOME_CLAIMS_IN_FLIGHT_MAX"),
            Map.entry("FIRSTCOME_KAFKA", "FIRSTCOME_KAFKA_BOOTSTRAP_SERVERS"),
            Map.entry("FIRSTCOME_PASS_THROUGH", "FIRSTCOME_PASS_THROUGH_PER_SECOND"),
            Map.entry("FIRSTCOME_REDIS", "FIRSTCOME_REDIS_URL"),
            Map.entry("FIRSTCOME_SINK_BATCH", "FIRSTCOME_SINK_BATCH_SIZE"),
            Map.entry("FIRSTCOME_STANDBYS", "FIRSTCOME_STANDBY_REPLICAS"),
            Map.entry("FIRSTCOME_STOCK_WAITERS", "FIRSTCOME_STOCK_WAITERS_MAX"),
            Map.entry("FIRSTCOME_TOKEN_FAILURES", "FIRSTCOME_TOKEN_FAILURES_PER_MINUTE"),
            Map.entry("FIRSTCOME_USER_RATE", "FIRSTCOME_USER_CLAIMS_PER_SECOND"),
            Map.entry("FIRSTCOME_VERDICTS_KEPT_MS", "FIRSTCOME_REQUESTS_RETENTION_MS"),
            Map.entry("FIRSTCOME_VERDICTS_MOST", "FIRSTCOME_REQUESTS_MAX")));

    private static final Map<String, String> REMOVED = Map.of("FIRSTCOME_GATE_SWEEP_MS",
            "the gate is repaired from the authority when it cannot judge a coupon");

    private RenamedSettings() {}

    /**
     * Refuses an environment that sets an old or a removed name.
     *
     * @throws StartFailure in one line that names the setting and what to do
     */
    public static void reject(Map<String, String> environment) {
        NEW_NAMES.forEach((old, now) -> {
            if (environment.containsKey(old)) {
                throw new StartFailure("setting " + old + " is now called " + now + ": rename it.");
            }
        });
        REMOVED.forEach((old, why) -> {
            if (environment.containsKey(old)) {
                throw new StartFailure("setting " + old + " no longer exists (" + why + "): remove it.");
            }
        });
    }
}

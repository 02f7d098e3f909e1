package io.firstcome.gate;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import io.firstcome.kit.settings.Setting;

/**
 * Settings of the gate and of its projector.
 *
 * @param skew how far this machine's clock may differ from the brokers'
 * @param reservation how long a place stays reserved for a request whose outcome has not arrived
 * @param passThroughPerSecond how many claims per second go to the log while the gate cannot judge them
 * @param stockWait how long a claim waits for reserved stock to become free while nothing is issued
 * @param retention how long Redis keeps a coupon after it closes
 * @param coldFillAfter how long the gate may be unable to judge an open coupon before it is filled from the authority
 * @param group the Kafka group of the ingresses that share this Redis
 */
public record GateSettings(
        Duration skew,
        Duration reservation,
        int passThroughPerSecond,
        Duration stockWait,
        Duration retention,
        Duration coldFillAfter,
        String group) {

    private static final Setting<Duration> SKEW = Setting.millis("FIRSTCOME_CLOCK_SKEW_MS", 500, 0, 60_000,
            "How far this machine's clock may differ from the brokers'; this close to opening and closing the log"
                    + " decides. An ingress adds the difference that acknowledgements prove.");
    private static final Setting<Duration> RESERVATION = Setting.millis("FIRSTCOME_RESERVATION_MS", 12_000, 100,
            600_000,
            "How long a place stays reserved for a request whose outcome has not arrived. At least"
                    + " FIRSTCOME_ACK_TIMEOUT_MS, 500 ms and FIRSTCOME_CLOCK_SKEW_MS together; 2 s more than the first"
                    + " also covers a slow ingress.");
    private static final Setting<Integer> PASS_THROUGH = Setting.number("FIRSTCOME_PASS_THROUGH_PER_SECOND", 2000, 1,
            1_000_000,
            "claims per second", "How many claims go to the log while Redis cannot judge them; more are answered 503.");
    private static final Setting<Duration> STOCK_WAIT = Setting.millis("FIRSTCOME_STOCK_WAIT_MS", 1000, 0, 1000,
            "How long a claim waits for reserved stock to become free before it is answered 503 stock-reserved. With"
                    + " Prefer: wait=N it waits on while the coupon is issued to others, for up to N seconds and at"
                    + " most 5.");
    private static final Setting<Duration> RETENTION = Setting.millis("FIRSTCOME_GATE_RETENTION_MS", 86_400_000, 1000,
            2_000_000_000,
            "How long Redis keeps a coupon after it closes.");
    private static final Setting<Duration> COLD_FILL_AFTER = Setting.millis("FIRSTCOME_GATE_COLD_FILL_AFTER_MS", 2000,
            100, 3_600_000,
            "How long the gate may be unable to judge an open coupon before its holders are read from the authority.");
    private static final Setting<String> GROUP = Setting.text("FIRSTCOME_GATE_GROUP", "firstcome-gate",
            "The Kafka group of the ingresses that share one Redis; those with another Redis need another group.");

    /** All settings, for the documentation. */
    public static final List<Setting<?>> ALL = List.of(SKEW, RESERVATION, PASS_THROUGH, STOCK_WAIT,
            RETENTION, COLD_FILL_AFTER, GROUP);

    /** The settings of an environment. */
    public static GateSettings from(Map<String, String> environment) {
        return new GateSettings(SKEW.from(environment), RESERVATION.from(environment), PASS_THROUGH.from(environment),
                STOCK_WAIT.from(environment), RETENTION.from(environment),
                COLD_FILL_AFTER.from(environment), GROUP.from(environment));
    }
}

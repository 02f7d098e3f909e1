package io.firstcome.readmodel.events;

import java.util.List;
import java.util.Map;

import io.firstcome.kit.settings.Setting;

/**
 * How much is kept for those who follow events.
 *
 * @param kept how many events of one coupon are kept, for those who lost the connection or read slowly
 * @param most how many events are kept in all; beyond it coupons forget theirs, the longest without news first
 * @param subscribers how many may follow at the same time
 * @param perCaller how many of them for one user, or from one address where callers are not known
 */
public record EventSettings(int kept, int most, int subscribers, int perCaller) {

    private static final Setting<Integer> KEPT = Setting.number("FIRSTCOME_EVENTS_RETAINED_MAX", 10_000, 1, 1_000_000,
            "events", "How many events of a coupon are kept for those who lost the connection or read slowly.");
    private static final Setting<Integer> MOST = Setting.number("FIRSTCOME_EVENTS_TOTAL_MAX", 200_000, 1, 100_000_000,
            "events",
            "How many events are kept in all (about 300 bytes each). Beyond it the coupon that has been longest without news"
                    + " loses all of its events.");
    private static final Setting<Integer> SUBSCRIBERS = Setting.number("FIRSTCOME_EVENT_SUBSCRIBERS_MAX", 1000, 0,
            100_000,
            "subscribers", "How many may follow events at the same time; more are answered 503 overloaded.");

    private static final Setting<Integer> PER_CALLER = Setting.number("FIRSTCOME_EVENT_SUBSCRIBERS_PER_CALLER_MAX", 500,
            1, 100_000,
            "subscribers",
            "How many of them one user may be, or one client address where FIRSTCOME_AUTH is NONE; more are answered 503"
                    + " overloaded.");

    /** Every key, for the documentation. */
    public static final List<Setting<?>> ALL = List.of(KEPT, MOST, SUBSCRIBERS, PER_CALLER);

    /** The settings of an environment. */
    public static EventSettings from(Map<String, String> environment) {
        return new EventSettings(KEPT.from(environment), MOST.from(environment), SUBSCRIBERS.from(environment),
                PER_CALLER.from(environment));
    }
}

package io.firstcome.readmodel.events;

import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

import io.firstcome.kit.settings.Setting;

/**
 * The bounds of event streams.
 *
 * @param retained how many events of one coupon are retained, for subscribers that reconnect or read slowly
 * @param total how many events of all coupons are retained; beyond this number the coupon without an event for the
 *     longest time loses its events
 * @param subscribers how many subscribers an ingress serves at the same time
 * @param perCaller how many of these one user may have, or one client address where callers are back ends; empty for
 *     the default of the authentication mode
 */
public record EventSettings(int retained, int total, int subscribers, OptionalInt perCaller) {

    private static final int DEFAULT_PER_USER = 5;
    private static final int DEFAULT_PER_ADDRESS = 500;
    private static final int MAX_SUBSCRIBERS = 100_000;

    private static final Setting<Integer> RETAINED = Setting.number("FIRSTCOME_EVENTS_RETAINED_MAX", 10_000, 1,
            1_000_000, "events",
            "How many events of one coupon an ingress retains, for subscribers that reconnect or read slowly.");
    private static final Setting<Integer> TOTAL = Setting.number("FIRSTCOME_EVENTS_TOTAL_MAX", 200_000, 1,
            100_000_000, "events",
            "How many events of all coupons an ingress retains (about 300 bytes each). Beyond this number the coupon"
                    + " without an event for the longest time loses its events.");
    private static final Setting<Integer> SUBSCRIBERS = Setting.number("FIRSTCOME_EVENT_SUBSCRIBERS_MAX", 1000, 0,
            MAX_SUBSCRIBERS, "subscribers",
            "How many subscribers of events an ingress serves at the same time. Further ones get 503 overloaded.");
    private static final Setting<OptionalInt> PER_CALLER = new Setting<>("FIRSTCOME_EVENT_SUBSCRIBERS_PER_CALLER_MAX",
            "", "subscribers",
            "How many of these subscribers one user may have, or one client address where FIRSTCOME_AUTH is NONE."
                    + " Further ones get 503 overloaded. Empty: " + DEFAULT_PER_USER + " where FIRSTCOME_AUTH is JWT; "
                    + DEFAULT_PER_ADDRESS + " where it is NONE, because one back end follows for many users.",
            EventSettings::optionalNumber);

    /** All settings, for the documentation. */
    public static final List<Setting<?>> ALL = List.of(RETAINED, TOTAL, SUBSCRIBERS, PER_CALLER);

    /** The settings of an environment. */
    public static EventSettings from(Map<String, String> environment) {
        return new EventSettings(RETAINED.from(environment), TOTAL.from(environment), SUBSCRIBERS.from(environment),
                PER_CALLER.from(environment));
    }

    /** @param callersAreUsers whether each caller is a user with a token */
    public int perCaller(boolean callersAreUsers) {
        return perCaller.orElse(callersAreUsers ? DEFAULT_PER_USER : DEFAULT_PER_ADDRESS);
    }

    private static OptionalInt optionalNumber(String text) {
        if (text.isEmpty()) {
            return OptionalInt.empty();
        }
        int number = Integer.parseInt(text);
        if (number < 1 || number > MAX_SUBSCRIBERS) {
            throw new IllegalArgumentException("must be empty or from 1 to " + MAX_SUBSCRIBERS);
        }
        return OptionalInt.of(number);
    }
}

package io.firstcome.ingress.limits;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

import io.firstcome.kit.service.StartFailure;
import io.firstcome.kit.settings.Setting;

/**
 * The limits for claims, and the proxies that may name a client's address.
 *
 * @param perUser claims per second of one user, 0 for no limit
 * @param perAddress claims per second from one address, 0 for no limit; empty for the default of the authentication
 *     mode
 * @param inFlight how many claims may be in progress at the same time
 * @param maxStockWaiters how many claims may wait for reserved stock; empty for so many that as many claims on one
 *     coupon as may be in progress can wait, as far as the connections allow
 * @param maxDecisionWaiters how many claims in the log may wait for the decision; empty for as many as in progress, as
 *     far as the connections allow
 * @param proxies the proxies whose forwarding header is trusted
 * @param forwardingHeader the header in which they name the client
 */
public record ProtectionSettings(
        int perUser,
        OptionalInt perAddress,
        int inFlight,
        OptionalInt maxStockWaiters,
        OptionalInt maxDecisionWaiters,
        List<AddressRange> proxies,
        ForwardingHeader forwardingHeader) {

    private static final int DEFAULT_PER_ADDRESS_OF_USERS = 1000;
    private static final int MAX_PER_SECOND = 1_000_000;

    private static final Setting<Integer> PER_USER = Setting.number("FIRSTCOME_USER_CLAIMS_PER_SECOND", 10, 0,
            MAX_PER_SECOND,
            "claims per second",
            "Claims of one user; twice as many at once. More are answered 429. 0 for no limit.");
    private static final Setting<OptionalInt> PER_ADDRESS = new Setting<>("FIRSTCOME_ADDRESS_CLAIMS_PER_SECOND", "",
            "claims per second",
            "Claims from one client address (an IPv6 /64 network); twice as many at once. More are answered 429. 0 for"
                    + " no limit. Empty: no limit where FIRSTCOME_AUTH is NONE, because one back end calls for many"
                    + " users; "
                    + DEFAULT_PER_ADDRESS_OF_USERS + " where it is JWT.",
            ProtectionSettings::optionalNumber);
    private static final Setting<Integer> IN_FLIGHT = Setting.number("FIRSTCOME_CLAIMS_IN_FLIGHT_MAX", 5_000, 1,
            1_000_000,
            "claims",
            "How many claims may be in progress at the same time: from the arrival of the whole request until the log"
                    + " has the claim, it waits for stock, or it is refused. More are answered 503 overloaded. Half as"
                    + " many requests may wait for a result. These two, FIRSTCOME_STOCK_WAITERS_MAX,"
                    + " FIRSTCOME_DECISION_WAITERS_MAX and FIRSTCOME_EVENT_SUBSCRIBERS_MAX together must be below"
                    + " FIRSTCOME_HTTP_CONNECTIONS_MAX, so that requests beyond a limit are answered.");
    private static final Setting<OptionalInt> STOCK_WAITERS = new Setting<>("FIRSTCOME_STOCK_WAITERS_MAX", "",
            "claims",
            "How many claims may wait for reserved stock. They are not among the claims in progress and hold a"
                    + " connection and a virtual thread each. More are answered 503 stock-reserved at once. The claims"
                    + " on one coupon leave a tenth of these places to others. Empty: so many that"
                    + " FIRSTCOME_CLAIMS_IN_FLIGHT_MAX claims on one coupon can wait, or half of what"
                    + " FIRSTCOME_HTTP_CONNECTIONS_MAX leaves if that is less (all of it where"
                    + " FIRSTCOME_DECISION_WAITERS_MAX is set).",
            ProtectionSettings::optionalNumber);
    private static final Setting<OptionalInt> DECISION_WAITERS = new Setting<>("FIRSTCOME_DECISION_WAITERS_MAX", "",
            "claims",
            "How many claims with Prefer: wait may wait for the decision once the log has them. They are not among the"
                    + " claims in progress and hold a connection each, but no thread. More are answered 202 at once."
                    + " Empty: as many as FIRSTCOME_CLAIMS_IN_FLIGHT_MAX, or as many as"
                    + " FIRSTCOME_HTTP_CONNECTIONS_MAX leaves beside the other limits if that is less.",
            ProtectionSettings::optionalNumber);
    private static final Setting<List<AddressRange>> PROXIES = new Setting<>("FIRSTCOME_TRUSTED_PROXIES", "",
            "addresses",
            "Proxies whose forwarding header is trusted, such as 10.0.0.0/8 or 192.0.2.1, separated by commas. Empty:"
                    + " none.",
            ProtectionSettings::ranges);
    private static final Setting<ForwardingHeader> HEADER = Setting.choice("FIRSTCOME_FORWARDING_HEADER",
            ForwardingHeader.X_FORWARDED_FOR, "The header in which those proxies name the client.");

    /** All settings, for the documentation. */
    public static final List<Setting<?>> ALL = List.of(PER_USER, PER_ADDRESS, IN_FLIGHT, STOCK_WAITERS,
            DECISION_WAITERS, PROXIES,
            HEADER);

    /** The settings of an environment. */
    public static ProtectionSettings from(Map<String, String> environment) {
        return new ProtectionSettings(PER_USER.from(environment), PER_ADDRESS.from(environment),
                IN_FLIGHT.from(environment), STOCK_WAITERS.from(environment), DECISION_WAITERS.from(environment),
                PROXIES.from(environment),
                HEADER.from(environment));
    }

    int perAddress(boolean callersAreUsers) {
        return perAddress.orElse(callersAreUsers ? DEFAULT_PER_ADDRESS_OF_USERS : 0);
    }

    int statusWaits() {
        return Math.max(1, inFlight / 2);
    }

    /** How many claims in the log may wait for the decision. */
    public int decisionWaiters() {
        return maxDecisionWaiters.orElseThrow();
    }

    /** How many claims may wait for reserved stock. */
    public int stockWaiters() {
        return maxStockWaiters.orElseThrow();
    }

    /**
     * These limits with the defaults of the waiters filled in, which are smaller where the connections are few.
     *
     * @param connections how many connections the callers' port keeps open at once
     * @param subscribers how many of them event streams may hold
     * @throws StartFailure when requests within the limits could hold all connections: callers beyond a limit and
     *     health probes would then wait for a connection instead of an answer
     */
    public ProtectionSettings within(int connections, int subscribers) {
        long others = (long) inFlight + statusWaits() + subscribers;
        long left = connections - 1 - others;
        int stockWaiters = maxStockWaiters.orElse(Math.clamp(
                maxDecisionWaiters.isPresent() ? left - maxDecisionWaiters.getAsInt() : left / 2, 0,
                StockWaiters.enoughFor(inFlight)));
        int decisionWaiters = maxDecisionWaiters.orElse(Math.clamp(left - stockWaiters, 0, inFlight));
        long all = others + stockWaiters + decisionWaiters;
        if (all >= connections) {
            throw new StartFailure("setting " + IN_FLIGHT.key() + "=" + inFlight + ", half as many requests that wait"
                    + " for a result (" + statusWaits() + "), " + STOCK_WAITERS.key() + "=" + stockWaiters + ", "
                    + DECISION_WAITERS.key() + "=" + decisionWaiters
                    + " and FIRSTCOME_EVENT_SUBSCRIBERS_MAX=" + subscribers + " add up to " + all
                    + " and must be below FIRSTCOME_HTTP_CONNECTIONS_MAX=" + connections
                    + ", so that requests beyond a limit are answered instead of waiting for a connection");
        }
        return new ProtectionSettings(perUser, perAddress, inFlight, OptionalInt.of(stockWaiters),
                OptionalInt.of(decisionWaiters), proxies, forwardingHeader);
    }

    private static OptionalInt optionalNumber(String text) {
        if (text.isEmpty()) {
            return OptionalInt.empty();
        }
        int number = Integer.parseInt(text);
        if (number < 0 || number > MAX_PER_SECOND) {
            throw new IllegalArgumentException("must be empty or from 0 to " + MAX_PER_SECOND);
        }
        return OptionalInt.of(number);
    }

    private static List<AddressRange> ranges(String text) {
        return Arrays.stream(text.split(",")).map(String::strip).filter(range -> !range.isEmpty())
                .map(AddressRange::of).toList();
    }
}

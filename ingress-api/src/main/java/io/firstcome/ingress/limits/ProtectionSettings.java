package io.firstcome.ingress.limits;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

import io.firstcome.kit.http.HttpServerSettings;
import io.firstcome.kit.service.StartFailure;
import io.firstcome.kit.settings.Setting;

/**
 * How much is taken from whom.
 *
 * @param perUser claims a second of one user, 0 for any number
 * @param perAddress claims a second from one address, 0 for any number; empty where it goes by who the callers are
 * @param inFlight how many claims may be under way at the same time
 * @param proxies whose word about a client's address is believed
 * @param forwardingHeader where they write it
 */
public record ProtectionSettings(
        int perUser,
        OptionalInt perAddress,
        int inFlight,
        List<AddressRange> proxies,
        ForwardingHeader forwardingHeader) {

    private static final int PER_ADDRESS_OF_USERS = 1000;
    private static final int MOST_PER_SECOND = 1_000_000;

    private static final Setting<Integer> PER_USER = Setting.number("FIRSTCOME_USER_CLAIMS_PER_SECOND", 10, 0,
            MOST_PER_SECOND,
            "claims per second",
            "How many claims of one user are taken, saved up for two seconds; more are answered 429. 0 for any number.");
    private static final Setting<OptionalInt> PER_ADDRESS = new Setting<>("FIRSTCOME_ADDRESS_CLAIMS_PER_SECOND", "",
            "claims per second",
            "How many claims of one client address (of IPv6, one /64 network) are taken, saved up for two seconds; more are"
                    + " answered 429. 0 for any number. Empty: any number where FIRSTCOME_AUTH is NONE, for one back end"
                    + " speaks for many users; " + PER_ADDRESS_OF_USERS + " where it is JWT.",
            ProtectionSettings::number);
    private static final Setting<Integer> IN_FLIGHT = Setting.number("FIRSTCOME_CLAIMS_IN_FLIGHT_MAX", 5_000, 1,
            1_000_000,
            "claims",
            "How many claims may be under way at the same time, waiting ones included; more are answered 503 overloaded."
                    + " Fewer than FIRSTCOME_HTTP_CONNECTIONS_MAX, or nobody could be told. Half as many may wait for a result.");
    private static final Setting<List<AddressRange>> PROXIES = new Setting<>("FIRSTCOME_TRUSTED_PROXIES", "",
            "addresses",
            "Proxies whose word about the client's address is believed, as 10.0.0.0/8 or 192.0.2.1, with commas between."
                    + " Empty: nobody's.",
            ProtectionSettings::ranges);
    private static final Setting<ForwardingHeader> HEADER = Setting.choice("FIRSTCOME_FORWARDING_HEADER",
            ForwardingHeader.X_FORWARDED_FOR, "The header in which those proxies name the client.");

    /** Every key, for the documentation. */
    public static final List<Setting<?>> ALL = List.of(PER_USER, PER_ADDRESS, IN_FLIGHT, PROXIES, HEADER);

    /** The settings of an environment. */
    public static ProtectionSettings from(Map<String, String> environment) {
        return new ProtectionSettings(PER_USER.from(environment), PER_ADDRESS.from(environment),
                IN_FLIGHT.from(environment), PROXIES.from(environment), HEADER.from(environment));
    }

    int perAddress(boolean callersAreUsers) {
        return perAddress.orElse(callersAreUsers ? PER_ADDRESS_OF_USERS : 0);
    }

    int waiting() {
        return Math.max(1, inFlight / 2);
    }

    /** @throws StartFailure when so few connections are taken that claims beyond the limit would never be read */
    public void requireRoomFor(HttpServerSettings edge) {
        if (inFlight >= edge.connections()) {
            throw new StartFailure("setting " + IN_FLIGHT.key() + "=" + inFlight
                    + " must be below FIRSTCOME_HTTP_CONNECTIONS_MAX=" + edge.connections()
                    + ", or whoever is one too many waits for a connection instead of being told");
        }
    }

    private static OptionalInt number(String text) {
        if (text.isEmpty()) {
            return OptionalInt.empty();
        }
        int number = Integer.parseInt(text);
        if (number < 0 || number > MOST_PER_SECOND) {
            throw new IllegalArgumentException("must be empty or from 0 to " + MOST_PER_SECOND);
        }
        return OptionalInt.of(number);
    }

    private static List<AddressRange> ranges(String text) {
        return Arrays.stream(text.split(",")).map(String::strip).filter(range -> !range.isEmpty())
                .map(AddressRange::of).toList();
    }
}

package io.firstcome.ingress.limits;

import java.net.InetAddress;
import java.util.Optional;

import io.firstcome.contract.UserId;
import io.github.bucket4j.TimeMeter;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import io.micrometer.core.instrument.MeterRegistry;

/** The limits that a claim meets: its address's, that of all claims together, its user's. */
public final class ClaimProtection {

    private final ClientAddress address;
    private final Optional<RateLimit<InetAddress>> perAddress;
    private final Optional<RateLimit<UserId>> perUser;
    private final ConcurrencyLimit claims;
    private final ConcurrencyLimit waiting;

    /** @param callersAreUsers whether users call for themselves, so that an address stands for few of them */
    public ClaimProtection(ProtectionSettings settings, boolean callersAreUsers, ClientAddress address,
            MeterRegistry meters) {
        this.address = address;
        this.perAddress = limit("address", settings.perAddress(callersAreUsers), meters);
        this.perUser = limit("user", settings.perUser(), meters);
        this.claims = ConcurrencyLimit.ofClaims(settings.inFlight(), meters);
        this.waiting = ConcurrencyLimit.ofWaiting(settings.waiting(), meters);
    }

    private static <K> Optional<RateLimit<K>> limit(String name, int perSecond, MeterRegistry meters) {
        return perSecond == 0
                ? Optional.empty()
                : Optional.of(new RateLimit<>(Rate.perSecond(name, perSecond), TimeMeter.SYSTEM_NANOTIME, meters));
    }

    /** The same handler for as many requests as are allowed. The others are answered 429 or 503, their body unread. */
    public Handler around(Handler claim) {
        return context -> {
            perAddress.ifPresent(limit -> limit.enforce(context, address.network(context)));
            claims.answer(context, claim);
        };
    }

    /** The same handler for as many requests as may wait for results. They take no claim's place. The others are answered 503. */
    public Handler bounded(Handler question) {
        return context -> waiting.answer(context, question);
    }

    /**
     * Counts a claim of a user, as soon as it is known who that is.
     *
     * @throws io.firstcome.kit.http.ProblemException 429 when it is one too many
     */
    public void count(Context context, UserId user) {
        perUser.ifPresent(limit -> limit.enforce(context, user));
    }
}

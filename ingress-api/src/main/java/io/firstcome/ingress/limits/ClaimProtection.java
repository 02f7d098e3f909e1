package io.firstcome.ingress.limits;

import java.net.InetAddress;
import java.util.Optional;
import java.util.function.BiConsumer;

import io.firstcome.contract.id.UserId;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import io.micrometer.core.instrument.MeterRegistry;

/** The limits for claims: per client address, for all claims together, and per user. */
public final class ClaimProtection {

    private final ClientAddress address;
    private final Optional<RateLimit<InetAddress>> perAddress;
    private final Optional<RateLimit<UserId>> perUser;
    private final ConcurrencyLimit claims;
    private final ConcurrencyLimit statusWaits;

    /** @param callersAreUsers whether users call the ingress themselves, so that an address stands for few users */
    public ClaimProtection(ProtectionSettings settings, boolean callersAreUsers, ClientAddress address,
            MeterRegistry meters) {
        this.address = address;
        this.perAddress = rateLimit("address", settings.perAddress(callersAreUsers), meters);
        this.perUser = rateLimit("user", settings.perUser(), meters);
        this.claims = ConcurrencyLimit.ofClaims(settings.inFlight(), meters);
        this.statusWaits = ConcurrencyLimit.ofStatusWaits(settings.statusWaits(), meters);
    }

    private static <K> Optional<RateLimit<K>> rateLimit(String name, int perSecond, MeterRegistry meters) {
        return perSecond == 0
                ? Optional.empty()
                : Optional.of(RateLimit.perSecond(name, perSecond, System::nanoTime, meters));
    }

    /**
     * Applies the limits per address and for all claims. Beyond a limit the answer is 429 or 503, and the body is not
     * read.
     */
    public Handler limitClaims(Handler claim) {
        return context -> {
            perAddress.ifPresent(limit -> limit.count(context, address.network(context)));
            claims.handle(context, claim);
        };
    }

    /** Limits the requests that wait for a result, independently of claims. Beyond the limit the answer is 503. */
    public Handler limitStatusWaits(Handler query) {
        return context -> statusWaits.handle(context, query);
    }

    /**
     * Applies the limit per user.
     *
     * @throws io.firstcome.kit.http.ProblemException 429 when the claim exceeds the limit
     */
    public void limitUser(Context context, UserId user) {
        perUser.ifPresent(limit -> limit.count(context, user));
    }

    /**
     * Whether a claim may be answered without {@link #limitClaims} at this moment: addresses are not limited, and not
     * too many claims are in progress.
     */
    public boolean allowsEarlyAnswer() {
        return perAddress.isEmpty() && claims.hasPermit();
    }

    /**
     * Applies the limit per user to a claim that is answered without a {@link Context}.
     *
     * @param headers receives the names and values of the RateLimit header fields
     * @return false when the claim exceeds the limit; it is not counted then
     */
    public boolean limitUser(UserId user, BiConsumer<String, String> headers) {
        return perUser.isEmpty() || perUser.get().count(user, headers);
    }
}

package io.firstcome.ingress.limits;

import java.net.InetAddress;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

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
    private final ConcurrencyLimit decisionWaits;
    private final ConcurrencyLimit statusWaits;

    /** The right of one claim to be in progress. Only the thread that handles the claim may use it. */
    public interface Permit {

        /**
         * Gives the permit back before the claim is answered. Another limit must hold for what is done from then on.
         */
        void release();
    }

    /** The work of one claim. */
    public interface PermittedWork<T> {

        /** @param permit the permit that the claim holds meanwhile */
        T with(Permit permit) throws Exception;
    }

    /** @param callersAreUsers whether users call the ingress themselves, so that an address stands for few users */
    public ClaimProtection(ProtectionSettings settings, boolean callersAreUsers, ClientAddress address,
            MeterRegistry meters) {
        this.address = address;
        this.perAddress = rateLimit("address", settings.perAddress(callersAreUsers), meters);
        this.perUser = rateLimit("user", settings.perUser(), meters);
        this.claims = ConcurrencyLimit.ofClaims(settings.inFlight(), meters);
        this.decisionWaits = ConcurrencyLimit.ofDecisionWaits(settings.decisionWaiters(), meters);
        this.statusWaits = ConcurrencyLimit.ofStatusWaits(settings.statusWaits(), meters);
    }

    private static <K> Optional<RateLimit<K>> rateLimit(String name, int perSecond, MeterRegistry meters) {
        return perSecond == 0
                ? Optional.empty()
                : Optional.of(RateLimit.perSecond(name, perSecond, System::nanoTime, meters));
    }

    /** Applies the limit per address. Beyond the limit the answer is 429, and the body is not read. */
    public Handler limitAddress(Handler claim) {
        return context -> {
            perAddress.ifPresent(limit -> limit.count(context, address.network(context)));
            claim.handle(context);
        };
    }

    /**
     * Does the work of a claim within the limit for all claims. The body must have arrived: a client that sends slowly
     * would otherwise take a permit from other claims. The bodies that arrive are bounded by the number of connections
     * and by {@link io.firstcome.kit.http.HttpLimits#MAX_BODY_BYTES}.
     *
     * @throws io.firstcome.kit.http.ProblemException 503 when the limit is reached
     */
    public <T> T withPermit(PermittedWork<T> claim) throws Exception {
        return claims.handle(claim);
    }

    /**
     * Starts the wait of a claim for its decision, which needs no permit.
     *
     * @param wait completes in any case
     * @return empty when as many claims wait as may; the log has the claim, so the caller must not be refused
     */
    public <T> Optional<CompletionStage<T>> awaitDecision(Supplier<CompletionStage<T>> wait) {
        return decisionWaits.await(wait);
    }

    /**
     * Starts the wait of a status request, independently of claims.
     *
     * @param wait completes in any case
     * @throws io.firstcome.kit.http.ProblemException 503 when as many status requests wait as may
     */
    public <T> CompletionStage<T> awaitStatus(Supplier<CompletionStage<T>> wait) {
        return statusWaits.await(wait).orElseThrow(statusWaits::refusal);
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
     * Whether a claim may be answered without {@link #withPermit} at this moment: addresses are not limited, and not
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

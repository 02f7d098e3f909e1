package io.firstcome.ingress.claims;

import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.LongSupplier;

import io.firstcome.contract.CouponCommand.IssueCoupon;
import io.firstcome.contract.CouponState;
import io.firstcome.contract.id.CouponId;
import io.firstcome.contract.id.RequestId;
import io.firstcome.contract.id.UserId;
import io.firstcome.ingress.claims.ClaimRoutes.AppendDelays;
import io.firstcome.readmodel.coupons.CouponHolders;
import io.firstcome.readmodel.requests.RequestStatus.Decided;
import io.firstcome.readmodel.requests.RequestTracker;

/**
 * Tells which claims of a sold-out coupon the ingress may reject from what it has read, without the gate: those of
 * users who surely do not hold the coupon, as long as its partition was read a moment ago.
 *
 * <p>A claim with an Idempotency-Key may have been sent before, and its first attempt may still be on the way to the
 * log. When a restock or a revocation reaches the log before it, the first attempt may win. So the cache rejects a
 * claim with a key only when no earlier attempt can still reach the log: Redis has replied that no reservation is left,
 * or the time of {@link AppendDelays} is over, and the claims that this ingress sent without a reservation are decided.
 */
final class SoldOutCache {

    /**
     * The cache rejects a claim only when this ingress has read the coupon's partition up to a moment within this time.
     * So this ingress may reject claims for at most this long after another ingress has confirmed a restock. The reader
     * asks Kafka for the end of the log twice a second; while the reader is further behind, the gate answers.
     */
    static final Duration FRESH = Duration.ofSeconds(2);

    private final CouponHolders holders;
    private final HolderFill fill;
    private final RequestTracker requests;
    private final AppendDelays appendDelays;
    private final ReadSince readSince;
    private final LongSupplier nanoTime;
    private final Map<CouponId, SellOut> sellOuts = new ConcurrentHashMap<>();
    private final Map<CouponId, Queue<UnreservedClaim>> unreserved = new ConcurrentHashMap<>();

    /** Whether everything about a coupon was read that had been committed at a moment. */
    @FunctionalInterface
    interface ReadSince {

        boolean test(CouponId couponId, long moment);
    }

    /**
     * A sell-out as this ingress knows it. Of one version, only a revocation can lead to another sell-out.
     *
     * @param version the version of the coupon that is sold out
     * @param revoked the number of revoked coupons while it is sold out
     * @param settledAtNanos when every claim from before the sell-out has reached the log or never will
     */
    private record SellOut(long version, long revoked, long settledAtNanos) {

        private boolean isOf(CouponState state) {
            return version == state.version() && revoked == state.revoked();
        }
    }

    /** A claim that was sent although Redis may have no reservation for it. */
    static final class UnreservedClaim {

        private final RequestId requestId;
        private final UserId userId;
        private final long endsAtNanos;
        private volatile boolean inLog;

        private UnreservedClaim(IssueCoupon claim, long endsAtNanos) {
            this.requestId = claim.requestId();
            this.userId = claim.userId();
            this.endsAtNanos = endsAtNanos;
        }

        /** The broker has acknowledged the claim, and the request tracker knows it. */
        void acknowledged() {
            inLog = true;
        }
    }

    /**
     * @param fill reads missing holders
     * @param requests knows the claims that are decided
     * @param readSince whether a coupon was read up to a moment of {@code nanoTime}
     */
    SoldOutCache(CouponHolders holders, HolderFill fill, RequestTracker requests, AppendDelays appendDelays,
            ReadSince readSince, LongSupplier nanoTime) {
        this.holders = holders;
        this.fill = fill;
        this.requests = requests;
        this.appendDelays = appendDelays;
        this.readSince = readSince;
        this.nanoTime = nanoTime;
    }

    /**
     * Whether the ingress may reject a claim without the gate.
     *
     * @param state a committed state of the coupon, which is sold out
     * @param hasKey whether the claim may have been sent before
     */
    boolean mayReject(CouponState state, UserId userId, boolean hasKey) {
        if (!holders.isComplete(state)) {
            fill.request(state.couponId());
            return false;
        }
        return holders.isSurelyNoHolder(state, userId) && isFresh(state.couponId()) && (!hasKey || isSettled(state));
    }

    /** Whether the coupon was read a moment ago, so that its state may reject claims. */
    boolean isFresh(CouponId couponId) {
        return readSince.test(couponId, nanoTime.getAsLong() - FRESH.toNanos());
    }

    private boolean isSettled(CouponState state) {
        long now = nanoTime.getAsLong();
        SellOut known = sellOuts.get(state.couponId());
        if (known == null || !known.isOf(state)) {
            sellOuts.put(state.couponId(), new SellOut(state.version(), state.revoked(),
                    now + appendDelays.afterSellOut().toNanos()));
            return false;
        }
        return now - known.settledAtNanos >= 0 && areUnreservedDecided(state.couponId(), now);
    }

    private boolean areUnreservedDecided(CouponId couponId, long now) {
        Queue<UnreservedClaim> claims = unreserved.get(couponId);
        if (claims == null) {
            return true;
        }
        removeEnded(couponId, claims, now);
        return claims.isEmpty();
    }

    /** Removes from the head only: the claims are answered in about the order in which they were sent. */
    private void removeEnded(CouponId couponId, Queue<UnreservedClaim> claims, long now) {
        for (UnreservedClaim first = claims.peek(); first != null && hasEnded(couponId, first, now); first = claims
                .peek()) {
            claims.remove(first);
        }
    }

    private boolean hasEnded(CouponId couponId, UnreservedClaim claim, long now) {
        return now - claim.endsAtNanos >= 0
                || claim.inLog
                        && requests.find(couponId, claim.requestId, claim.userId).orElse(null) instanceof Decided;
    }

    /** Redis has answered that this coupon is sold out and that no reservation is left. */
    void noReservationLeft(CouponState state) {
        var settled = new SellOut(state.version(), state.revoked(),
                nanoTime.getAsLong() + appendDelays.afterReservation().toNanos());
        sellOuts.merge(state.couponId(), settled, (known, heard) -> known.isOf(state)
                && known.settledAtNanos - heard.settledAtNanos < 0 ? known : heard);
    }

    /** A claim is sent now, and Redis may have no reservation for it. */
    UnreservedClaim sendingUnreserved(IssueCoupon claim) {
        long now = nanoTime.getAsLong();
        var sent = new UnreservedClaim(claim, now + appendDelays.afterSellOut().toNanos());
        Queue<UnreservedClaim> claims = unreserved.computeIfAbsent(claim.couponId(),
                _ -> new ConcurrentLinkedQueue<>());
        claims.add(sent);
        removeEnded(claim.couponId(), claims, now);
        return sent;
    }
}

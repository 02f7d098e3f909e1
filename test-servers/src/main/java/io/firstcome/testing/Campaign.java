package io.firstcome.testing;

import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;

import io.firstcome.contract.CouponDefinition;
import io.firstcome.contract.CouponId;
import io.firstcome.contract.CouponOutcome.CouponIssued;
import io.firstcome.contract.CouponOutcome.IssueRejected;
import io.firstcome.contract.CouponState;
import io.firstcome.contract.CouponStatus;
import io.firstcome.contract.RejectionReason;
import io.firstcome.contract.RequestId;
import io.firstcome.contract.UserId;

/** A coupon that no other test knows of, and what may be said about it. */
public record Campaign(CouponId couponId, Instant opensAt, Instant closesAt) {

    private static final AtomicInteger COUNT = new AtomicInteger();
    private static final Instant LONG_AGO = Instant.parse("2026-01-01T00:00:00Z");
    private static final Instant FAR_AHEAD = Instant.parse("2096-01-01T00:00:00Z");

    public static Campaign openForLong() {
        return between(LONG_AGO, FAR_AHEAD);
    }

    public static Campaign named(String id) {
        return new Campaign(new CouponId(id), LONG_AGO, FAR_AHEAD);
    }

    public static Campaign between(Instant opensAt, Instant closesAt) {
        return new Campaign(new CouponId("campaign-" + COUNT.incrementAndGet()), opensAt, closesAt);
    }

    /** The same coupon with another end. */
    public Campaign until(Instant otherEnd) {
        return new Campaign(couponId, opensAt, otherEnd);
    }

    public String id() {
        return couponId.value();
    }

    public CouponState state(long version, long stock, long issued) {
        return state(version, CouponStatus.ACTIVE, stock, issued);
    }

    public CouponState state(long version, CouponStatus status, long stock, long issued) {
        return new CouponState(new CouponDefinition(couponId, "Coffee", stock, opensAt, closesAt), status, version,
                issued);
    }

    public CouponIssued issued(String request, String user, long sequence) {
        return new CouponIssued(new RequestId(request), couponId, new UserId(user), sequence, LONG_AGO);
    }

    public IssueRejected rejected(String request, String user, RejectionReason reason) {
        return new IssueRejected(new RequestId(request), couponId, new UserId(user), reason, LONG_AGO, null, null);
    }
}

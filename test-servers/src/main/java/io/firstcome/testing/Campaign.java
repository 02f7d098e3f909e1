package io.firstcome.testing;

import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;

import io.firstcome.contract.CouponDefinition;
import io.firstcome.contract.CouponOutcome.CouponIssued;
import io.firstcome.contract.CouponOutcome.IssueRejected;
import io.firstcome.contract.CouponState;
import io.firstcome.contract.CouponStatus;
import io.firstcome.contract.RejectionReason;
import io.firstcome.contract.id.CouponId;
import io.firstcome.contract.id.RequestId;
import io.firstcome.contract.id.UserId;

/** A coupon that is not used by any other test, with factory methods for its states and outcomes. */
public record Campaign(CouponId couponId, Instant opensAt, Instant closesAt) {

    private static final AtomicInteger COUNT = new AtomicInteger();
    private static final Instant PAST = Instant.parse("2026-01-01T00:00:00Z");
    private static final Instant FUTURE = Instant.parse("2096-01-01T00:00:00Z");

    public static Campaign openForLong() {
        return between(PAST, FUTURE);
    }

    public static Campaign named(String id) {
        return new Campaign(new CouponId(id), PAST, FUTURE);
    }

    public static Campaign between(Instant opensAt, Instant closesAt) {
        return new Campaign(new CouponId("campaign-" + COUNT.incrementAndGet()), opensAt, closesAt);
    }

    /** The same coupon with another end of the window. */
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
        return new CouponIssued(new RequestId(request), couponId, new UserId(user), sequence, PAST);
    }

    public IssueRejected rejected(String request, String user, RejectionReason reason) {
        return new IssueRejected(new RequestId(request), couponId, new UserId(user), reason, PAST, null, null);
    }
}

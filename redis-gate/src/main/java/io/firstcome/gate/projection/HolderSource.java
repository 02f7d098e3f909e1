package io.firstcome.gate.projection;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

import io.firstcome.contract.id.CouponId;
import io.firstcome.contract.id.RequestId;
import io.firstcome.contract.id.UserId;

/**
 * The authority's list of the issues of a coupon, revoked ones included. It may contain issues that are not committed
 * yet, so the caller compares their sequences with the coupon's committed count.
 */
public interface HolderSource {

    /**
     * One issue to a user.
     *
     * @param sequence the place in the order of issues, from 1
     * @param requestId the claim that was issued
     * @param nth which of the user's issues of this coupon it is, from 1
     * @param revokedAt when the coupon was revoked; empty while the user holds it
     */
    record Holder(UserId userId, long sequence, RequestId requestId, Instant issuedAt, int nth,
            Optional<Instant> revokedAt) {

        /** The user's first issue of this coupon, which the user holds. */
        public Holder(UserId userId, long sequence, RequestId requestId, Instant issuedAt) {
            this(userId, sequence, requestId, issuedAt, 1, Optional.empty());
        }

        /** Whether the user does not hold the coupon any more. */
        public boolean isRevoked() {
            return revokedAt.isPresent();
        }
    }

    /**
     * A part of the list, which has a fixed order. All issues of a user are on the same page.
     *
     * @param next the user after whom the next page starts; empty on the last page
     */
    record HolderPage(List<Holder> holders, Optional<UserId> next) {}

    /**
     * Requests one page without blocking.
     *
     * @param after the user after whom the page starts; empty for the first page
     * @return the page; the stage fails when the authority is away, is moving partitions, or does not know the coupon
     * yet
     */
    CompletionStage<HolderPage> page(CouponId couponId, Optional<UserId> after);
}

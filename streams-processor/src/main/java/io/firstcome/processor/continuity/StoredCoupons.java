package io.firstcome.processor.continuity;

import java.util.Iterator;
import java.util.Optional;
import java.util.function.Consumer;

import io.firstcome.contract.CouponState;
import io.firstcome.contract.id.CouponId;
import io.firstcome.processor.continuity.PartitionFacts.PublishedState;

/** The stores of one task, as far as {@link LogContinuity} needs them. */
public interface StoredCoupons {

    /** Whether the stores have no coupon. */
    boolean isEmpty();

    /** The stored state of a coupon; empty when it is not stored. */
    Optional<CouponState> state(CouponId couponId);

    /** Passes the stored state of each coupon. */
    void forEachState(Consumer<CouponState> visitor);

    /** Whether any holder of the coupon is stored. */
    boolean hasHolders(CouponId couponId);

    /**
     * All stored issues as they are now; what is stored later does not change the result. Another thread may read them.
     */
    StoredIssues issues();

    /** The issues of all coupons, by user. */
    interface StoredIssues extends Iterator<StoredIssues.OfUser>, AutoCloseable {

        /**
         * What one user was issued of one coupon.
         *
         * @param couponId the coupon id, as text
         * @param issued the number of issues
         * @param revoked how many of them are revoked
         * @param greatest the greatest sequence
         */
        record OfUser(String couponId, int issued, int revoked, long greatest) {}

        @Override
        void close();
    }

    /** Stores a state that the stores have lost. */
    void adopt(PublishedState published);
}

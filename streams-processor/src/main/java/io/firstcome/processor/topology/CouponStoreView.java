package io.firstcome.processor.topology;

import java.util.Optional;

import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;

import io.firstcome.contract.CouponId;
import io.firstcome.contract.CouponState;
import io.firstcome.contract.UserId;
import io.firstcome.processor.issuance.Coupon;
import io.firstcome.processor.issuance.Holding;

/** What the stores say, for the processor that writes them and for the queries that only look. */
public final class CouponStoreView {

    private final ReadOnlyKeyValueStore<String, CouponConfig> terms;
    private final ReadOnlyKeyValueStore<String, IssueCounter> tallies;
    private final ReadOnlyKeyValueStore<String, Holding> holdings;

    CouponStoreView(ReadOnlyKeyValueStore<String, CouponConfig> terms,
            ReadOnlyKeyValueStore<String, IssueCounter> tallies,
            ReadOnlyKeyValueStore<String, Holding> holdings) {
        this.terms = terms;
        this.tallies = tallies;
        this.holdings = holdings;
    }

    /** Where the coupon stands. */
    public Optional<CouponState> state(CouponId couponId) {
        return coupon(couponId).map(Coupon::state);
    }

    /** What the user holds of the coupon. */
    public Optional<Holding> holding(CouponId couponId, UserId userId) {
        return Optional.ofNullable(holdings.get(holder(couponId, userId)));
    }

    Optional<Coupon> coupon(CouponId couponId) {
        // The tally first: a query may read between two writes, and yesterday's count fits under today's stock (no stock
        // is set below what has been issued), while today's count need not fit under yesterday's.
        IssueCounter tally = tallies.get(couponId.value());
        if (tally == null) {
            return Optional.empty();
        }
        return Optional.of(new Coupon(terms.get(couponId.value()).with(tally.issued()), tally.clock()));
    }

    /** The slash can stand in neither id, so no two pairs share a key, and a coupon's holders are one range. */
    static String holder(CouponId couponId, UserId userId) {
        return couponId.value() + "/" + userId.value();
    }
}

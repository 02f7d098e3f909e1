package io.firstcome.processor.topology;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.state.KeyValueStore;

import io.firstcome.contract.CouponCommand;
import io.firstcome.contract.CouponCommand.IssueCoupon;
import io.firstcome.contract.CouponId;
import io.firstcome.contract.CouponState;
import io.firstcome.processor.issuance.Coupon;
import io.firstcome.processor.issuance.CouponSnapshot;
import io.firstcome.processor.issuance.Holding;

/**
 * One task's stores as the snapshots that decisions are made from. It writes what differs and nothing else.
 *
 * <p>Coupons are few and asked for with every claim, so they are kept in memory as well; that saves a fifth of the thread's
 * time. Nobody else writes this task's stores, and a task that gives a transaction up gets a new ledger.
 */
final class CouponStores {

    private final KeyValueStore<String, CouponConfig> terms;
    private final KeyValueStore<String, IssueCounter> tallies;
    private final KeyValueStore<String, Holding> holdings;
    private final CouponStoreView view;
    private final Map<CouponId, Coupon> coupons = new HashMap<>();

    CouponStores(ProcessorContext<?, ?> context) {
        terms = context.getStateStore(CouponTopology.COUPONS);
        tallies = context.getStateStore(CouponTopology.ISSUED_COUNTS);
        holdings = context.getStateStore(CouponTopology.ISSUED_USERS);
        view = new CouponStoreView(terms, tallies, holdings);
    }

    CouponSnapshot snapshot(CouponCommand command) {
        Optional<Holding> holding = command instanceof IssueCoupon claim
                ? view.holding(claim.couponId(), claim.userId())
                : Optional.empty();
        return new CouponSnapshot(coupon(command.couponId()), holding);
    }

    /** Only what exists is remembered: strangers may ask for coupons without end. */
    private Optional<Coupon> coupon(CouponId couponId) {
        Coupon known = coupons.computeIfAbsent(couponId, id -> view.coupon(id).orElse(null));
        return Optional.ofNullable(known);
    }

    void save(CouponCommand command, CouponSnapshot before, CouponSnapshot after) {
        after.coupon().ifPresent(coupon -> save(before.coupon(), coupon));
        if (command instanceof IssueCoupon claim && !after.holding().equals(before.holding())) {
            holdings.put(CouponStoreView.holderKey(claim.couponId(), claim.userId()), after.holding().orElseThrow());
        }
    }

    private void save(Optional<Coupon> before, Coupon after) {
        String key = after.state().couponId().value();
        CouponConfig wanted = CouponConfig.of(after.state());
        if (!before.map(known -> CouponConfig.of(known.state())).equals(Optional.of(wanted))) {
            terms.put(key, wanted);
        }
        IssueCounter tally = IssueCounter.of(after);
        if (!before.map(IssueCounter::of).equals(Optional.of(tally))) {
            tallies.put(key, tally);
        }
        coupons.put(after.state().couponId(), after);
    }

    void forEachState(Consumer<CouponState> visitor) {
        try (var all = terms.all()) {
            all.forEachRemaining(entry -> view.state(new CouponId(entry.key)).ifPresent(visitor));
        }
    }
}

package io.firstcome.processor.topology;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

import io.firstcome.contract.CouponCommand;
import io.firstcome.contract.CouponCommand.ArchiveCoupon;
import io.firstcome.contract.CouponCommand.CloseCoupon;
import io.firstcome.contract.CouponCommand.DefineCoupon;
import io.firstcome.contract.CouponCommand.IssueCoupon;
import io.firstcome.contract.CouponCommand.PauseCoupon;
import io.firstcome.contract.CouponCommand.ResumeCoupon;
import io.firstcome.contract.CouponCommand.RevokeIssue;
import io.firstcome.contract.CouponState;
import io.firstcome.contract.id.CouponId;
import io.firstcome.contract.id.UserId;
import io.firstcome.processor.continuity.PartitionFacts.PublishedState;
import io.firstcome.processor.continuity.StoredCoupons;
import io.firstcome.processor.holder.HolderFilter;
import io.firstcome.processor.issuance.Coupon;
import io.firstcome.processor.issuance.CouponSnapshot;
import io.firstcome.processor.issuance.Holding;
import io.firstcome.processor.issuance.Holdings;
import io.firstcome.processor.topology.CouponStoreView.Holder;

/**
 * The stores of one task: reads snapshots for decisions and writes what an outcome changed.
 *
 * <p>Coupons are few and every claim reads one, so they are also kept in memory; this saves a fifth of the thread's
 * time. {@link HolderFilter} saves most look-ups of holders. Both stay correct because only this task writes its
 * stores, and a task that aborts a transaction gets a new instance of this class.
 */
final class CouponStores implements StoredCoupons {

    private final KeyValueStore<String, CouponConfig> configs;
    private final KeyValueStore<String, IssueCounter> counters;
    private final KeyValueStore<String, Holdings> holdings;
    private final CouponStoreView view;
    private final Map<CouponId, Coupon> coupons = new HashMap<>();
    private final HolderFilter filter = new HolderFilter();

    CouponStores(ProcessorContext<?, ?> context) {
        configs = context.getStateStore(CouponTopology.COUPONS);
        counters = context.getStateStore(CouponTopology.ISSUED_COUNTS);
        holdings = context.getStateStore(CouponTopology.ISSUED_USERS);
        view = new CouponStoreView(configs, counters, holdings);
    }

    CouponSnapshot snapshot(CouponCommand command) {
        // Unknown coupons are not kept in memory: callers can send an unlimited number of them.
        Coupon coupon = coupons.computeIfAbsent(command.couponId(), id -> view.coupon(id).orElse(null));
        Holdings issued = Holdings.NONE;
        UserId user = userOf(command);
        if (user != null) {
            if (coupon != null && coupon.state().issued() <= HolderFilter.MAX_READ) {
                coverHoldersOf(command.couponId());
            }
            if (filter.mayHold(command.couponId(), user)) {
                issued = view.holdings(command.couponId(), user);
            }
        }
        return new CouponSnapshot(Optional.ofNullable(coupon), issued);
    }

    /** Null for a command that concerns no user. */
    private static UserId userOf(CouponCommand command) {
        return switch (command) {
            case IssueCoupon claim -> claim.userId();
            case RevokeIssue revoke -> revoke.userId();
            case DefineCoupon _,PauseCoupon _,ResumeCoupon _,CloseCoupon _,ArchiveCoupon _ -> null;
        };
    }

    private void coverHoldersOf(CouponId couponId) {
        if (!filter.covers(couponId)) {
            List<Holder> holders = view.holders(couponId, Optional.empty(), HolderFilter.MAX_READ + 1);
            if (holders.size() <= HolderFilter.MAX_READ) {
                filter.cover(couponId, holders.stream().map(Holder::userId));
            }
        }
    }

    void save(CouponCommand command, CouponSnapshot before, CouponSnapshot after) {
        after.coupon().ifPresent(coupon -> save(before.coupon(), coupon));
        if (!after.holdings().equals(before.holdings())) {
            UserId user = userOf(command);
            holdings.put(CouponStoreView.holderKey(command.couponId(), user), after.holdings());
            filter.add(command.couponId(), user);
        }
    }

    private void save(Optional<Coupon> before, Coupon after) {
        String key = after.state().couponId().value();
        CouponConfig config = CouponConfig.of(after.state());
        if (!before.map(coupon -> CouponConfig.of(coupon.state())).equals(Optional.of(config))) {
            configs.put(key, config);
        }
        IssueCounter counter = IssueCounter.of(after);
        if (!before.map(IssueCounter::of).equals(Optional.of(counter))) {
            counters.put(key, counter);
        }
        coupons.put(after.state().couponId(), after);
    }

    /** The clock of a stored coupon, see {@link Coupon#clock}. */
    Instant clock(CouponId couponId) {
        Coupon known = coupons.get(couponId);
        return known != null ? known.clock() : view.coupon(couponId).orElseThrow().clock();
    }

    @Override
    public boolean isEmpty() {
        try (var all = configs.all()) {
            return !all.hasNext();
        }
    }

    @Override
    public Optional<CouponState> state(CouponId couponId) {
        return view.state(couponId);
    }

    @Override
    public boolean hasHolders(CouponId couponId) {
        return !view.holders(couponId, Optional.empty(), 1).isEmpty();
    }

    /**
     * Deletes users of an archived coupon.
     *
     * @param after the user after whom to begin; empty to begin with the first
     * @param max how many users are deleted at most
     * @return the user who was deleted last; empty when no more users are stored
     */
    Optional<UserId> forgetHolders(CouponId couponId, Optional<UserId> after, int max) {
        List<Holder> page = view.holders(couponId, after, max);
        page.forEach(holder -> holdings.delete(CouponStoreView.holderKey(couponId, holder.userId())));
        return page.size() == max ? Optional.of(page.getLast().userId()) : Optional.empty();
    }

    @Override
    public void adopt(PublishedState published) {
        Instant clock = view.coupon(published.state().couponId()).map(Coupon::clock)
                .filter(published.publishedAt()::isBefore).orElse(published.publishedAt());
        save(Optional.empty(), new Coupon(published.state(), clock));
    }

    @Override
    public StoredIssues issues() {
        KeyValueIterator<String, Holdings> all = holdings.all();
        return new StoredIssues() {

            @Override
            public boolean hasNext() {
                return all.hasNext();
            }

            @Override
            public OfUser next() {
                KeyValue<String, Holdings> user = all.next();
                List<Holding> issues = user.value.all();
                return new OfUser(CouponStoreView.couponOf(user.key), issues.size(),
                        issues.size() - user.value.held().size(), issues.getLast().sequence());
            }

            @Override
            public void close() {
                all.close();
            }
        };
    }

    @Override
    public void forEachState(Consumer<CouponState> visitor) {
        try (var all = configs.all()) {
            all.forEachRemaining(entry -> view.state(new CouponId(entry.key)).ifPresent(visitor));
        }
    }
}

package io.firstcome.processor.topology;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;

import io.firstcome.contract.CouponState;
import io.firstcome.contract.id.CouponId;
import io.firstcome.contract.id.UserId;
import io.firstcome.processor.issuance.Coupon;
import io.firstcome.processor.issuance.Holdings;

/**
 * Reads the stores, for the processor that writes them and for queries. Every method throws {@link
 * org.apache.kafka.streams.errors.InvalidStateStoreException} when the store has been closed, for example because the
 * partition moved to another instance.
 */
public final class CouponStoreView {

    /** A user who was issued a coupon, which may have been revoked. */
    public record Holder(UserId userId, Holdings holdings) {}

    /**
     * Some users in the byte order of their ids.
     *
     * @param hasMore whether the coupon has users after these
     */
    public record HolderPage(List<Holder> holders, boolean hasMore) {}

    private final ReadOnlyKeyValueStore<String, CouponConfig> configs;
    private final ReadOnlyKeyValueStore<String, IssueCounter> counters;
    private final ReadOnlyKeyValueStore<String, Holdings> holdings;

    CouponStoreView(ReadOnlyKeyValueStore<String, CouponConfig> configs,
            ReadOnlyKeyValueStore<String, IssueCounter> counters,
            ReadOnlyKeyValueStore<String, Holdings> holdings) {
        this.configs = configs;
        this.counters = counters;
        this.holdings = holdings;
    }

    /** The coupon's state; empty when the coupon has not been defined. */
    public Optional<CouponState> state(CouponId couponId) {
        return coupon(couponId).map(Coupon::state);
    }

    /** What the user was issued of the coupon. */
    public Holdings holdings(CouponId couponId, UserId userId) {
        Holdings stored = holdings.get(holderKey(couponId, userId));
        return stored == null ? Holdings.NONE : stored;
    }

    /**
     * The users who were issued the coupon, in the byte order of their ids. A query may read while the partition is
     * written; a holder that is added meanwhile may be missing.
     *
     * @param after the user after whom the result starts; empty to start with the first
     * @param max how many users are read at most
     */
    List<Holder> holders(CouponId couponId, Optional<UserId> after, int max) {
        List<Holder> holders = new ArrayList<>();
        try (var range = holdings.range(firstKey(couponId, after), endKey(couponId))) {
            while (holders.size() < max && range.hasNext()) {
                holders.add(holder(couponId, range.next()));
            }
        }
        return holders;
    }

    /**
     * One page of the users who were issued the coupon. It is bounded by the number of issues, because a user may have
     * many: it ends with the user whose issues complete that number.
     *
     * @param after the user after whom the page starts; empty to start with the first
     * @param issues the number of issues after which the page ends, at least 1
     */
    public HolderPage page(CouponId couponId, Optional<UserId> after, int issues) {
        List<Holder> holders = new ArrayList<>();
        int read = 0;
        try (var range = holdings.range(firstKey(couponId, after), endKey(couponId))) {
            while (read < issues && range.hasNext()) {
                holders.add(holder(couponId, range.next()));
                read += holders.getLast().holdings().all().size();
            }
            return new HolderPage(holders, range.hasNext());
        }
    }

    private static Holder holder(CouponId couponId, KeyValue<String, Holdings> entry) {
        return new Holder(new UserId(entry.key.substring(couponId.value().length() + 1)), entry.value);
    }

    /** A zero byte is less than every character of an id, so this is the first possible key after the user's own. */
    private static String firstKey(CouponId couponId, Optional<UserId> after) {
        return after.map(user -> holderKey(couponId, user) + '\0').orElse(couponId.value() + "/");
    }

    /** '0' follows '/', and no key is the coupon id with '0' alone, so this key follows the coupon's last holder. */
    private static String endKey(CouponId couponId) {
        return couponId.value() + "0";
    }

    Optional<Coupon> coupon(CouponId couponId) {
        while (true) {
            CouponConfig config = configs.get(couponId.value());
            IssueCounter counter = counters.get(couponId.value());
            if (config == null || counter == null) {
                return Optional.empty();
            }
            // A query may read between two writes, and a count need not fit the stock of another version. The
            // configuration changes with an operator's command only, so the second attempt nearly always succeeds.
            if (config.equals(configs.get(couponId.value()))) {
                return Optional.of(new Coupon(config.with(counter), counter.clock()));
            }
        }
    }

    /**
     * Neither id can contain the slash: no two pairs share a key, and the holders of a coupon are one range of keys.
     */
    static String holderKey(CouponId couponId, UserId userId) {
        return couponId.value() + "/" + userId.value();
    }

    /** The id of the coupon in the key of a holder. */
    static String couponOf(String holderKey) {
        return holderKey.substring(0, holderKey.indexOf('/'));
    }
}

package io.firstcome.gate.projection;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

import io.firstcome.contract.CouponState;
import io.firstcome.contract.id.CouponId;

/** A coupon directory that a test fills. */
final class KnownCoupons implements CouponDirectory {

    private final Map<CouponId, CouponState> states = new ConcurrentHashMap<>();
    private final Set<Integer> silent = ConcurrentHashMap.newKeySet();
    private volatile OptionalLong readTo = OptionalLong.empty();

    void put(CouponState state) {
        states.put(state.couponId(), state);
    }

    void clear() {
        states.clear();
    }

    @Override
    public Optional<CouponState> find(CouponId couponId) {
        return Optional.ofNullable(states.get(couponId));
    }

    @Override
    public Stream<CouponState> all() {
        return states.values().stream();
    }

    /** Makes the states no newer than now, until {@link #continueReading}. */
    void stopReading() {
        readTo = OptionalLong.of(System.nanoTime());
    }

    /** Makes a partition neither current nor read, until {@link #continueReading}. */
    void silence(int partition) {
        silent.add(partition);
    }

    void continueReading() {
        readTo = OptionalLong.empty();
        silent.clear();
    }

    @Override
    public boolean isReadSince(int partition, long moment) {
        OptionalLong last = readTo;
        return isCurrent(partition) && (last.isEmpty() || last.getAsLong() - moment >= 0);
    }

    @Override
    public boolean isCurrent(int partition) {
        return !silent.contains(partition);
    }
}

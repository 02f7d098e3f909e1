package io.firstcome.gate.projection;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;

import io.firstcome.contract.id.CouponId;
import io.firstcome.contract.id.RequestId;
import io.firstcome.contract.id.UserId;

/** An in-memory authority. A test can delay its answers or replace them by failures. */
final class FakeAuthority implements HolderSource {

    private final Map<CouponId, ConcurrentNavigableMap<String, Holder>> coupons = new ConcurrentHashMap<>();
    private final Map<CouponId, AtomicInteger> requests = new ConcurrentHashMap<>();
    private final int pageSize;
    private volatile CompletableFuture<Void> gate = CompletableFuture.completedFuture(null);
    private volatile Optional<Throwable> failure = Optional.empty();

    FakeAuthority(int pageSize) {
        this.pageSize = pageSize;
    }

    void issue(CouponId couponId, String user, long sequence, String request) {
        coupons.computeIfAbsent(couponId, _ -> new ConcurrentSkipListMap<>()).put(user,
                new Holder(new UserId(user), sequence, new RequestId(request), Instant.parse("2026-01-01T00:00:00Z")));
    }

    /** Delays the answers to later requests until {@link #resume}. */
    void hold() {
        gate = new CompletableFuture<>();
    }

    void resume() {
        gate.complete(null);
    }

    /** @param cause the failure of later requests; null to answer again */
    void fail(Throwable cause) {
        failure = Optional.ofNullable(cause);
    }

    /** The number of page requests for a coupon so far. */
    int requests(CouponId couponId) {
        return requests.getOrDefault(couponId, new AtomicInteger()).get();
    }

    @Override
    public CompletableFuture<HolderPage> page(CouponId couponId, Optional<UserId> after) {
        requests.computeIfAbsent(couponId, _ -> new AtomicInteger()).incrementAndGet();
        if (failure.isPresent()) {
            return CompletableFuture.failedFuture(failure.get());
        }
        return gate.thenCompose(_ -> Optional.ofNullable(coupons.get(couponId))
                .map(holders -> CompletableFuture.completedFuture(page(holders, after)))
                .orElseGet(() -> CompletableFuture.failedFuture(new IOException("404 unknown-coupon"))));
    }

    private HolderPage page(NavigableMap<String, Holder> all, Optional<UserId> after) {
        List<Holder> read = after.map(user -> all.tailMap(user.value(), false)).orElse(all).values().stream()
                .limit(pageSize + 1L).toList();
        List<Holder> page = read.subList(0, Math.min(pageSize, read.size()));
        return new HolderPage(page,
                page.size() < read.size() ? Optional.of(page.getLast().userId()) : Optional.empty());
    }
}

package io.firstcome.readmodel.requests;

import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

import io.firstcome.contract.CouponOutcome.CouponIssued;
import io.firstcome.contract.id.CouponId;
import io.firstcome.contract.id.RequestId;
import io.firstcome.contract.id.UserId;
import io.firstcome.readmodel.requests.RequestStatus.Decided;
import io.firstcome.readmodel.requests.RequestStatus.Subject;

/**
 * The statuses of the latest requests, bounded in number and age. The request without an update for the longest time is
 * evicted first. Not thread-safe: the tracker's lock guards it.
 */
final class RecentRequests {

    /**
     * How many requests one update evicts at most. More than one, to catch up after a pause; a small number, because
     * all callers wait for the lock meanwhile.
     */
    private static final int MAX_EVICTIONS_PER_UPDATE = 8;

    private final LinkedHashMap<Key, Entry> byUpdate = new LinkedHashMap<>();
    private final Map<RequestId, Key> latestKeys = new HashMap<>();
    private final Map<Holder, CouponIssued> issues = new HashMap<>();
    private final RequestSettings settings;
    private final LongSupplier nanoTime;
    private Instant forgottenUntil = Instant.MIN;

    RecentRequests(RequestSettings settings, LongSupplier nanoTime) {
        this.settings = settings;
        this.nanoTime = nanoTime;
    }

    /** The status of a request; null when none is known. */
    RequestStatus get(Key key) {
        Entry entry = byUpdate.get(key);
        return entry == null || isExpired(entry) ? null : entry.status();
    }

    /**
     * The status of the request that was updated last among those with this id, of any coupon; null when none is known.
     */
    RequestStatus latestOf(RequestId requestId) {
        Key key = latestKeys.get(requestId);
        return key == null ? null : get(key);
    }

    /** The latest decision time among the decided requests that were evicted for lack of room. */
    Instant forgottenUntil() {
        return forgottenUntil;
    }

    Optional<CouponIssued> issueTo(CouponId couponId, UserId userId) {
        return Optional.ofNullable(issues.get(new Holder(couponId, userId)));
    }

    void put(Key key, RequestStatus status) {
        Entry before = byUpdate.putLast(key, new Entry(status, nanoTime.getAsLong()));
        if (before != null) {
            removeIssue(before.status());
        }
        latestKeys.put(key.requestId(), key);
        if (issueIn(status) instanceof CouponIssued issued) {
            issues.put(Holder.of(issued), issued);
        }
        for (int i = 0; i < MAX_EVICTIONS_PER_UPDATE && mustEvict(); i++) {
            evictOldest();
        }
    }

    private boolean mustEvict() {
        return byUpdate.size() > settings.max() || !byUpdate.isEmpty() && isExpired(byUpdate.firstEntry().getValue());
    }

    private void evictOldest() {
        Map.Entry<Key, Entry> oldest = byUpdate.pollFirstEntry();
        RequestStatus status = oldest.getValue().status();
        if (!isExpired(oldest.getValue()) && status instanceof Decided(Subject _, var outcome)
                && outcome.decidedAt().isAfter(forgottenUntil)) {
            forgottenUntil = outcome.decidedAt();
        }
        latestKeys.remove(oldest.getKey().requestId(), oldest.getKey());
        removeIssue(status);
    }

    private void removeIssue(RequestStatus status) {
        if (issueIn(status) instanceof CouponIssued issued) {
            issues.remove(Holder.of(issued), issued);
        }
    }

    private static CouponIssued issueIn(RequestStatus status) {
        return status instanceof Decided(Subject _, CouponIssued issued) ? issued : null;
    }

    private boolean isExpired(Entry entry) {
        return nanoTime.getAsLong() - entry.updatedNanos() > settings.retention().toNanos();
    }

    /** Identifies a request. An id is unique only within its coupon. */
    record Key(CouponId couponId, RequestId requestId) {

        static Key of(Subject subject) {
            return new Key(subject.couponId(), subject.requestId());
        }
    }

    private record Holder(CouponId couponId, UserId userId) {

        static Holder of(CouponIssued issued) {
            return new Holder(issued.couponId(), issued.userId());
        }
    }

    private record Entry(RequestStatus status, long updatedNanos) {}
}

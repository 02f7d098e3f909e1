package io.firstcome.readmodel.requests;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;

import io.firstcome.contract.CouponOutcome.CouponIssued;
import io.firstcome.contract.id.CouponId;
import io.firstcome.contract.id.RequestId;
import io.firstcome.contract.id.UserId;
import io.firstcome.readmodel.requests.RememberedRequest.Ids;
import io.firstcome.readmodel.requests.RequestStatus.Decided;
import io.firstcome.readmodel.requests.RequestStatus.Subject;

/**
 * The statuses of the latest claims. Decided claims are bounded in number and age, pending ones in number alone, and
 * both bounds are separate: neither kind displaces the other. Of each kind the claim without an update for the longest
 * time is evicted first. Not thread-safe: the tracker's lock guards it.
 */
final class RecentRequests {

    /**
     * How many claims one update evicts at most. More than one, to catch up after a pause; a small number, because all
     * callers wait for the lock meanwhile.
     */
    private static final int MAX_EVICTIONS_PER_UPDATE = 8;
    /** Beyond this number of coupons nothing is kept for each of them. */
    private static final int MAX_COUPONS = 100_000;

    private final RequestTable byUser = new RequestTable(Ids.USER_AND_REQUEST);
    private final RequestTable byId = new RequestTable(Ids.COUPON_AND_REQUEST);
    private final RequestTable issues = new RequestTable(Ids.COUPON_AND_USER);
    private final UpdateOrder pending = new UpdateOrder();
    private final UpdateOrder decided = new UpdateOrder();
    /** One object for each coupon: its requests share it. */
    private final Map<CouponId, CouponId> couponIds = new HashMap<>();
    private final int seed = ThreadLocalRandom.current().nextInt();
    private final RequestSettings settings;
    private final LongSupplier nanoTime;
    private final BiConsumer<CouponId, Instant> onForgotten;
    /**
     * The latest decision time among the claims that were evicted after their decision, by coupon: each coupon's times
     * come from one broker at a time, and the clock of another broker may be ahead.
     */
    private final Map<CouponId, Instant> forgottenUntil = new HashMap<>();
    private Instant allForgottenUntil = Instant.MIN;
    private boolean hasEvictedPending;
    private long pendingEvictedNanos;

    /** @param onForgotten receives the coupon and the append time of each pending claim that is evicted */
    RecentRequests(RequestSettings settings, LongSupplier nanoTime, BiConsumer<CouponId, Instant> onForgotten) {
        this.settings = settings;
        this.nanoTime = nanoTime;
        this.onForgotten = onForgotten;
    }

    /**
     * The status of a user's claim; null when none is known.
     *
     * @param userId null for a request whose user is not known
     */
    RequestStatus get(CouponId couponId, RequestId requestId, UserId userId) {
        return statusOf(find(new RememberedRequest(couponId, requestId, userId, seed)));
    }

    /** The status of the latest claim of any user with these ids, by update; null when none is known. */
    RequestStatus latestOf(CouponId couponId, RequestId requestId) {
        return statusOf(byId.get(new RememberedRequest(couponId, requestId, null, seed)));
    }

    /** Whether several users have claimed the coupon under this id. */
    boolean isOfSeveralUsers(CouponId couponId, RequestId requestId) {
        RememberedRequest latest = byId.get(new RememberedRequest(couponId, requestId, null, seed));
        return latest != null && latest.userBehind != null && latest.hasUser() && latest.userBehind.hasUser()
                && !isExpired(latest.userBehind);
    }

    /** The status of the claim that was updated last among those of a user with this id; null when none is known. */
    RequestStatus lastUse(UserId userId, RequestId requestId) {
        RememberedRequest latest = null;
        for (RememberedRequest each = byUser.get(
                new RememberedRequest(null, requestId, userId, seed)); each != null; each = each.nextCoupon) {
            latest = latest == null || each.updatedNanos - latest.updatedNanos > 0 ? each : latest;
        }
        return statusOf(latest);
    }

    /** The issue to a user; empty when none is known. */
    Optional<CouponIssued> issueTo(CouponId couponId, UserId userId) {
        RememberedRequest issue = issues.get(new RememberedRequest(couponId, null, userId, seed));
        return issue != null && issue.status() instanceof Decided(_, CouponIssued issued)
                ? Optional.of(issued)
                : Optional.empty();
    }

    /** Up to when decisions on a coupon may have been forgotten. */
    Instant forgottenUntil(CouponId couponId) {
        return later(allForgottenUntil, forgottenUntil.getOrDefault(couponId, Instant.MIN));
    }

    private void forgetDecision(CouponId couponId, Instant decidedAt) {
        if (forgottenUntil.size() > MAX_COUPONS) {
            allForgottenUntil = forgottenUntil.values().stream().reduce(allForgottenUntil, RecentRequests::later);
            forgottenUntil.clear();
        }
        forgottenUntil.merge(couponId, decidedAt, RecentRequests::later);
    }

    private static Instant later(Instant one, Instant other) {
        return other.isAfter(one) ? other : one;
    }

    /** Whether a pending claim was evicted within the retention: a claim that is not known may be in the log. */
    boolean hasEvictedPending() {
        return hasEvictedPending
                && nanoTime.getAsLong() - pendingEvictedNanos <= settings.retention().toNanos();
    }

    void put(Subject subject, RequestStatus status) {
        if (couponIds.size() > MAX_COUPONS) {
            couponIds.clear();
        }
        CouponId couponId = couponIds.computeIfAbsent(subject.couponId(), it -> it);
        var added = new RememberedRequest(couponId, subject.requestId(), subject.userId(), seed);
        RememberedRequest request = find(added);
        if (request == null) {
            request = added;
            request.nextCoupon = byUser.get(added);
            byUser.put(added);
        } else {
            orderOf(request).remove(request);
            removeIssue(request);
            removeFromUsers(request);
        }
        request.set(status);
        request.updatedNanos = nanoTime.getAsLong();
        orderOf(request).addLast(request);
        addToUsers(request);
        if (request.isIssued()) {
            issues.put(request);
        }
        int evicted = 0;
        while (evicted < MAX_EVICTIONS_PER_UPDATE && evictOne()) {
            evicted++;
        }
    }

    private RememberedRequest find(RememberedRequest like) {
        RememberedRequest request = byUser.get(like);
        while (request != null && !request.couponId().equals(like.couponId())) {
            request = request.nextCoupon;
        }
        return request;
    }

    private RequestStatus statusOf(RememberedRequest request) {
        return request == null || isExpired(request) ? null : request.status();
    }

    /** A pending claim is in the log and will be decided, however long that takes. */
    private boolean isExpired(RememberedRequest request) {
        return !request.isPending()
                && nanoTime.getAsLong() - request.updatedNanos > settings.retention().toNanos();
    }

    private UpdateOrder orderOf(RememberedRequest request) {
        return request.isPending() ? pending : decided;
    }

    /** @return whether a claim was evicted */
    private boolean evictOne() {
        if (decided.size > settings.max() || decided.oldest != null && isExpired(decided.oldest)) {
            RememberedRequest request = decided.oldest;
            forgetDecision(request.couponId(), request.time());
            evict(request);
            return true;
        }
        if (pending.size > settings.max()) {
            hasEvictedPending = true;
            pendingEvictedNanos = nanoTime.getAsLong();
            onForgotten.accept(pending.oldest.couponId(), pending.oldest.time());
            evict(pending.oldest);
            return true;
        }
        return false;
    }

    private void evict(RememberedRequest request) {
        orderOf(request).remove(request);
        removeIssue(request);
        removeFromUsers(request);
        RememberedRequest first = byUser.get(request);
        if (first != request) {
            while (first.nextCoupon != request) {
                first = first.nextCoupon;
            }
            first.nextCoupon = request.nextCoupon;
        } else if (request.nextCoupon == null) {
            byUser.remove(request);
        } else {
            byUser.put(request.nextCoupon);
        }
    }

    private void removeIssue(RememberedRequest request) {
        if (request.isIssued() && issues.get(request) == request) {
            issues.remove(request);
        }
    }

    private void addToUsers(RememberedRequest request) {
        RememberedRequest latest = byId.get(request);
        request.userBehind = latest;
        if (latest != null) {
            latest.userAhead = request;
        }
        byId.put(request);
    }

    private void removeFromUsers(RememberedRequest request) {
        if (request.userBehind != null) {
            request.userBehind.userAhead = request.userAhead;
        }
        if (request.userAhead != null) {
            request.userAhead.userBehind = request.userBehind;
        } else if (request.userBehind != null) {
            byId.put(request.userBehind);
        } else {
            byId.remove(request);
        }
        request.userAhead = null;
        request.userBehind = null;
    }

    /** A linked list whose links are in the requests. */
    private static final class UpdateOrder {

        private RememberedRequest oldest;
        private RememberedRequest newest;
        private int size;

        void addLast(RememberedRequest request) {
            request.older = newest;
            request.newer = null;
            if (newest == null) {
                oldest = request;
            } else {
                newest.newer = request;
            }
            newest = request;
            size++;
        }

        void remove(RememberedRequest request) {
            if (request.older == null) {
                oldest = request.newer;
            } else {
                request.older.newer = request.newer;
            }
            if (request.newer == null) {
                newest = request.older;
            } else {
                request.newer.older = request.older;
            }
            size--;
        }
    }
}

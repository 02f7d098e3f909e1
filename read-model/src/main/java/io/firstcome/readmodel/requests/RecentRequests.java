package io.firstcome.readmodel.requests;

import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

import io.firstcome.contract.CouponId;
import io.firstcome.contract.CouponOutcome.CouponIssued;
import io.firstcome.contract.RequestId;
import io.firstcome.contract.UserId;
import io.firstcome.readmodel.requests.RequestStatus.Decided;
import io.firstcome.readmodel.requests.RequestTracker.Key;

/** A bounded memory of requests: the longest without news is forgotten first. Guarded by the board's lock. */
final class RecentRequests {

    /** More than one at a time, to catch up after a pause; not all of a pause, for everybody waits meanwhile. */
    private static final int FORGOTTEN_AT_ONCE = 8;

    private final LinkedHashMap<Key, Noted> byNews = new LinkedHashMap<>();
    private final Map<RequestId, Key> lastUses = new HashMap<>();
    /** Which of them won, by whom they are. */
    private final Map<Holder, CouponIssued> issues = new HashMap<>();
    private final RequestSettings settings;
    private final LongSupplier nanoTime;
    private Instant forgottenUntil = Instant.MIN;

    RecentRequests(RequestSettings settings, LongSupplier nanoTime) {
        this.settings = settings;
        this.nanoTime = nanoTime;
    }

    RequestStatus get(Key key) {
        Noted noted = byNews.get(key);
        return noted == null || isOld(noted) ? null : noted.verdict();
    }

    RequestStatus lastUseOf(RequestId requestId) {
        Key key = lastUses.get(requestId);
        return key == null ? null : get(key);
    }

    /** Of what was decided until then, some has been forgotten to make room. */
    Instant forgottenUntil() {
        return forgottenUntil;
    }

    Optional<CouponIssued> issueTo(CouponId couponId, UserId userId) {
        return Optional.ofNullable(issues.get(new Holder(couponId, userId)));
    }

    void put(Key key, RequestStatus verdict) {
        Noted before = byNews.putLast(key, new Noted(verdict, nanoTime.getAsLong()));
        if (before != null) {
            forgetIssue(before.verdict());
        }
        lastUses.put(key.requestId(), key);
        issue(verdict).ifPresent(issued -> issues.put(Holder.of(issued), issued));
        for (int i = 0; i < FORGOTTEN_AT_ONCE && mustForget(); i++) {
            forgetOldest();
        }
    }

    private boolean mustForget() {
        return byNews.size() > settings.most() || !byNews.isEmpty() && isOld(byNews.firstEntry().getValue());
    }

    private void forgetOldest() {
        Map.Entry<Key, Noted> oldest = byNews.pollFirstEntry();
        RequestStatus verdict = oldest.getValue().verdict();
        if (!isOld(oldest.getValue())) {
            makeRoom(verdict);
        }
        lastUses.remove(oldest.getKey().requestId(), oldest.getKey());
        forgetIssue(verdict);
    }

    private void forgetIssue(RequestStatus verdict) {
        issue(verdict).ifPresent(issued -> issues.remove(Holder.of(issued), issued));
    }

    private static Optional<CouponIssued> issue(RequestStatus verdict) {
        return verdict instanceof Decided decided && decided.outcome() instanceof CouponIssued issued
                ? Optional.of(issued)
                : Optional.empty();
    }

    private void makeRoom(RequestStatus lost) {
        if (lost instanceof Decided decided && decided.outcome().decidedAt().isAfter(forgottenUntil)) {
            forgottenUntil = decided.outcome().decidedAt();
        }
    }

    private boolean isOld(Noted noted) {
        return nanoTime.getAsLong() - noted.atNanos() > settings.kept().toNanos();
    }

    private record Holder(CouponId couponId, UserId userId) {

        static Holder of(CouponIssued issued) {
            return new Holder(issued.couponId(), issued.userId());
        }
    }

    private record Noted(RequestStatus verdict, long atNanos) {}
}

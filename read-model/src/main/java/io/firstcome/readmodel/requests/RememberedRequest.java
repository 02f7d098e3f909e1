package io.firstcome.readmodel.requests;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;

import io.firstcome.contract.CouponOutcome;
import io.firstcome.contract.CouponOutcome.ChangeRejected;
import io.firstcome.contract.CouponOutcome.CommandInvalid;
import io.firstcome.contract.CouponOutcome.CouponChanged;
import io.firstcome.contract.CouponOutcome.CouponIssued;
import io.firstcome.contract.CouponOutcome.IssueRejected;
import io.firstcome.contract.CouponOutcome.IssueRevoked;
import io.firstcome.contract.RejectionReason;
import io.firstcome.contract.id.CouponId;
import io.firstcome.contract.id.RequestId;
import io.firstcome.contract.id.UserId;
import io.firstcome.readmodel.requests.RequestStatus.Decided;
import io.firstcome.readmodel.requests.RequestStatus.Pending;
import io.firstcome.readmodel.requests.RequestStatus.Subject;

/**
 * One claim and its status in few bytes: the ids are ASCII in one array, and the common statuses are numbers. The
 * objects of a {@link RequestStatus} would take three times as much, and an ingress remembers hundreds of thousands.
 */
final class RememberedRequest {

    /** Before and after this request in the order of the updates; null at the ends. */
    RememberedRequest older;
    RememberedRequest newer;
    /** The next request of the same user with the same request id, for another coupon. */
    RememberedRequest nextCoupon;
    /** The requests of other users with the same coupon and request id; those behind were updated earlier. */
    RememberedRequest userAhead;
    RememberedRequest userBehind;
    long updatedNanos;

    private final CouponId couponId;
    /** The request id, then the user id. */
    private final byte[] ids;
    private final byte requestLength;
    private final int requestHash;
    private final int userHash;
    private boolean pending;
    /** The append time of a pending claim, else the time of the decision, in milliseconds. */
    private long millis;
    /** Null for a pending claim, and for an issue. */
    private RejectionReason reason;
    /** Of an issue the sequence, of a rejection the sequence held or the opening in milliseconds. */
    private long number;
    private int nth;
    /** A rare outcome as a whole; null for all others. */
    private CouponOutcome rare;

    /**
     * A request without a status, which also serves to search for an equal one.
     *
     * @param requestId null in a search by coupon and user
     * @param userId null for a request whose user is not known, and in a search by coupon and request id
     * @param seed differs in each process, so that callers cannot choose ids with equal hashes
     */
    RememberedRequest(CouponId couponId, RequestId requestId, UserId userId, int seed) {
        byte[] request = requestId == null ? new byte[0] : requestId.value().getBytes(StandardCharsets.US_ASCII);
        byte[] user = userId == null ? new byte[0] : userId.value().getBytes(StandardCharsets.US_ASCII);
        this.couponId = couponId;
        this.ids = Arrays.copyOf(request, request.length + user.length);
        System.arraycopy(user, 0, ids, request.length, user.length);
        this.requestLength = (byte) request.length;
        this.requestHash = hash(0, request.length, seed);
        this.userHash = hash(request.length, ids.length, seed);
    }

    private int hash(int from, int to, int seed) {
        int hash = seed;
        for (int i = from; i < to; i++) {
            hash = (hash ^ ids[i]) * 0x9E3779B1;
            hash ^= hash >>> 15;
        }
        return hash;
    }

    CouponId couponId() {
        return couponId;
    }

    boolean hasUser() {
        return ids.length > requestLength;
    }

    boolean isPending() {
        return pending;
    }

    Instant time() {
        return Instant.ofEpochMilli(millis);
    }

    void set(RequestStatus status) {
        pending = false;
        reason = null;
        number = 0;
        rare = null;
        switch (status) {
            case Pending(_, var appendedAt) -> {
                pending = true;
                millis = appendedAt.toEpochMilli();
            }
            case Decided(_, var outcome) -> set(outcome);
        }
    }

    private void set(CouponOutcome outcome) {
        millis = outcome.decidedAt().toEpochMilli();
        switch (outcome) {
            case CouponIssued issued -> {
                number = issued.sequence();
                nth = issued.nth();
            }
            case IssueRejected rejected when rejected.heldSequences() == null -> {
                reason = rejected.reason();
                if (rejected.heldSequence() != null) {
                    number = rejected.heldSequence();
                } else if (rejected.opensAt() != null) {
                    number = rejected.opensAt().toEpochMilli();
                }
            }
            case IssueRejected _,IssueRevoked _,CommandInvalid _ -> rare = outcome;
            case CouponChanged _,ChangeRejected _ ->
                throw new IllegalArgumentException("not an outcome of a claim: " + outcome);
        }
    }

    RequestStatus status() {
        var requestId = new RequestId(new String(ids, 0, requestLength, StandardCharsets.US_ASCII));
        var userId = hasUser()
                ? new UserId(new String(ids, requestLength, ids.length - requestLength, StandardCharsets.US_ASCII))
                : null;
        var subject = new Subject(couponId, requestId, userId);
        if (pending) {
            return new Pending(subject, time());
        }
        if (rare != null) {
            return new Decided(subject, rare);
        }
        if (reason == null) {
            return new Decided(subject, new CouponIssued(requestId, couponId, userId, number, time(), nth));
        }
        return new Decided(subject, new IssueRejected(requestId, couponId, userId, reason, time(),
                reason == RejectionReason.ALREADY_ISSUED ? Long.valueOf(number) : null,
                reason == RejectionReason.NOT_STARTED ? Instant.ofEpochMilli(number) : null));
    }

    boolean isIssued() {
        return !pending && rare == null && reason == null;
    }

    private boolean hasRequestOf(RememberedRequest other) {
        return requestHash == other.requestHash
                && Arrays.equals(ids, 0, requestLength, other.ids, 0, other.requestLength);
    }

    private boolean hasUserOf(RememberedRequest other) {
        return userHash == other.userHash && Arrays.equals(ids, requestLength, ids.length, other.ids,
                other.requestLength, other.ids.length);
    }

    /** Which ids make two requests equal in a {@link RequestTable}. */
    enum Ids {
        USER_AND_REQUEST {
            @Override
            int hash(RememberedRequest request) {
                return request.userHash * 31 + request.requestHash;
            }

            @Override
            boolean areEqual(RememberedRequest one, RememberedRequest other) {
                return one.hasRequestOf(other) && one.hasUserOf(other);
            }
        },
        COUPON_AND_REQUEST {
            @Override
            int hash(RememberedRequest request) {
                return request.couponId.hashCode() * 31 + request.requestHash;
            }

            @Override
            boolean areEqual(RememberedRequest one, RememberedRequest other) {
                return one.hasRequestOf(other) && one.couponId.equals(other.couponId);
            }
        },
        COUPON_AND_USER {
            @Override
            int hash(RememberedRequest request) {
                return request.couponId.hashCode() * 31 + request.userHash;
            }

            @Override
            boolean areEqual(RememberedRequest one, RememberedRequest other) {
                return one.hasUserOf(other) && one.couponId.equals(other.couponId);
            }
        };

        abstract int hash(RememberedRequest request);

        abstract boolean areEqual(RememberedRequest one, RememberedRequest other);
    }
}

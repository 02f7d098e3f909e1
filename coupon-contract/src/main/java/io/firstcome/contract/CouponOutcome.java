package io.firstcome.contract;

import java.time.Instant;
import java.util.List;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

import io.firstcome.contract.id.CouponId;
import io.firstcome.contract.id.RequestId;
import io.firstcome.contract.id.UserId;
import io.firstcome.contract.json.DefaultValues;
import io.firstcome.contract.json.Require;

/**
 * The authority's decision on one command, written to {@link Topics#OUTCOMES} in the order of the decisions. A
 * committed outcome is final. Everything else is derived from outcomes: the gate in Redis, the rows in MySQL, the HTTP
 * answers.
 *
 * <p>Exactly one outcome is written for each record of {@link Topics#COMMANDS} from which a coupon and a request id can
 * be read. Consumers must read with {@code isolation.level=read_committed}: an outcome of an aborted transaction never
 * took effect.
 *
 * <p>The JSON has a {@code type} member with the simple name of the record.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = CouponOutcome.CouponIssued.class, name = "CouponIssued"),
    @JsonSubTypes.Type(value = CouponOutcome.IssueRejected.class, name = "IssueRejected"),
    @JsonSubTypes.Type(value = CouponOutcome.IssueRevoked.class, name = "IssueRevoked"),
    @JsonSubTypes.Type(value = CouponOutcome.CouponChanged.class, name = "CouponChanged"),
    @JsonSubTypes.Type(value = CouponOutcome.ChangeRejected.class, name = "ChangeRejected"),
    @JsonSubTypes.Type(value = CouponOutcome.CommandInvalid.class, name = "CommandInvalid")})
public sealed interface CouponOutcome extends AboutCoupon {

    /** The largest sequence. Readers in JavaScript and Lua can represent it exactly (2⁵³ − 1). */
    long MAX_SEQUENCE = 9_007_199_254_740_991L;

    /** The id of the command that this outcome answers. */
    RequestId requestId();

    /**
     * The coupon's time at the decision: the append time of the command, but never earlier than the time of an earlier
     * decision that changed the coupon's stored state. So a broker's clock that steps back cannot reopen a window.
     */
    Instant decidedAt();

    /**
     * The claim succeeded and the user now holds the coupon. A repeated claim with the same request id is answered with
     * an equal {@code CouponIssued}, so consumers must treat a duplicate as one issue.
     *
     * @param sequence the position in first-come order: 1 for the first issue, then 2, 3 … without gaps or repeats
     * @param issuedAt the time of the decision, equal to {@link #decidedAt()}
     * @param nth which of the user's issues of this coupon this is, from 1, revoked ones included. The JSON omits 1, so
     *     that a reader of an earlier release can read a user's first issue
     */
    record CouponIssued(RequestId requestId, CouponId couponId, UserId userId, long sequence, Instant issuedAt,
            @JsonInclude(value = JsonInclude.Include.CUSTOM, valueFilter = DefaultValues.One.class) int nth)
            implements
                CouponOutcome {
        public CouponIssued {
            Require.present("requestId", requestId);
            Require.present("couponId", couponId);
            Require.present("userId", userId);
            Require.between("sequence", sequence, 1, MAX_SEQUENCE);
            Require.time("issuedAt", issuedAt);
            Require.between("nth", nth, 1, Integer.MAX_VALUE);
        }

        /** The user's first issue of this coupon. */
        public CouponIssued(RequestId requestId, CouponId couponId, UserId userId, long sequence, Instant issuedAt) {
            this(requestId, couponId, userId, sequence, issuedAt, 1);
        }

        /**
         * Reads an issue from JSON.
         *
         * @param nth null for 1
         */
        @JsonCreator
        static CouponIssued of(@JsonProperty("requestId") RequestId requestId,
                @JsonProperty("couponId") CouponId couponId, @JsonProperty("userId") UserId userId,
                @JsonProperty("sequence") long sequence, @JsonProperty("issuedAt") Instant issuedAt,
                @JsonProperty("nth") Integer nth) {
            return new CouponIssued(requestId, couponId, userId, sequence, issuedAt, nth == null ? 1 : nth);
        }

        @Override
        public Instant decidedAt() {
            return issuedAt;
        }
    }

    /**
     * The claim was rejected.
     *
     * @param heldSequence the sequence that the user holds if the reason is {@code ALREADY_ISSUED}, otherwise null
     * @param opensAt the start of the window if the reason is {@code NOT_STARTED}, otherwise null
     * @param heldSequences the sequences that the user holds, ascending, if the reason is {@code LIMIT_REACHED},
     *     otherwise null
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record IssueRejected(RequestId requestId, CouponId couponId, UserId userId, RejectionReason reason,
            Instant decidedAt, Long heldSequence, Instant opensAt, List<Long> heldSequences) implements CouponOutcome {
        public IssueRejected {
            Require.present("requestId", requestId);
            Require.present("couponId", couponId);
            Require.present("userId", userId);
            Require.present("reason", reason);
            Require.time("decidedAt", decidedAt);
            Require.that((heldSequence != null) == (reason == RejectionReason.ALREADY_ISSUED), "heldSequence",
                    "must be present if and only if reason is ALREADY_ISSUED");
            Require.that((opensAt != null) == (reason == RejectionReason.NOT_STARTED), "opensAt",
                    "must be present if and only if reason is NOT_STARTED");
            if (heldSequence != null) {
                Require.between("heldSequence", heldSequence, 1, MAX_SEQUENCE);
            }
            if (opensAt != null) {
                Require.time("opensAt", opensAt);
            }
            Require.that((heldSequences != null) == (reason == RejectionReason.LIMIT_REACHED), "heldSequences",
                    "must be present if and only if reason is LIMIT_REACHED");
            if (heldSequences != null) {
                long before = 0;
                for (Long sequence : heldSequences) {
                    Require.present("heldSequences", sequence);
                    Require.between("heldSequences", sequence, 1, MAX_SEQUENCE);
                    Require.that(sequence > before, "heldSequences", "must be ascending");
                    before = sequence;
                }
                Require.that(before > 0, "heldSequences", "must be at least one");
                heldSequences = List.copyOf(heldSequences);
            }
        }

        /** A rejection for another reason than {@code LIMIT_REACHED}. */
        public IssueRejected(RequestId requestId, CouponId couponId, UserId userId, RejectionReason reason,
                Instant decidedAt, Long heldSequence, Instant opensAt) {
            this(requestId, couponId, userId, reason, decidedAt, heldSequence, opensAt, null);
        }
    }

    /**
     * An issued coupon was revoked: the user does not hold it any more. A command that revokes the same coupon again is
     * answered with an {@code IssueRevoked} of the same sequence and time, so consumers must treat a duplicate as one
     * revocation.
     *
     * @param sequence the sequence of the revoked coupon, which is never issued again
     * @param claimRequestId the request to which the coupon had been issued
     * @param revoked how many of the coupon's issues are revoked after this decision
     * @param revokedAt when the coupon was revoked, by the coupon's monotone clock; equal to {@link #decidedAt()}
     */
    record IssueRevoked(RequestId requestId, CouponId couponId, UserId userId, long sequence, RequestId claimRequestId,
            long revoked, Instant revokedAt) implements CouponOutcome {

        public IssueRevoked {
            Require.present("requestId", requestId);
            Require.present("couponId", couponId);
            Require.present("userId", userId);
            Require.between("sequence", sequence, 1, MAX_SEQUENCE);
            Require.present("claimRequestId", claimRequestId);
            Require.between("revoked", revoked, 1, MAX_SEQUENCE);
            Require.time("revokedAt", revokedAt);
        }

        @Override
        public Instant decidedAt() {
            return revokedAt;
        }
    }

    /**
     * An operator's command was carried out.
     *
     * @param change whether the command created, changed or left the coupon as it was
     * @param state the coupon's state after the command
     */
    record CouponChanged(RequestId requestId, Change change, CouponState state, Instant decidedAt)
            implements
                CouponOutcome {

        /** The effect of the command. */
        public enum Change {
            /** The coupon did not exist before and was created. */
            CREATED,
            /** The coupon existed and its definition or status changed. */
            CHANGED,
            /** The coupon already had the requested definition or status. */
            UNCHANGED
        }

        public CouponChanged {
            Require.present("requestId", requestId);
            Require.present("change", change);
            Require.present("state", state);
            Require.time("decidedAt", decidedAt);
        }

        @Override
        public CouponId couponId() {
            return state.couponId();
        }
    }

    /**
     * An operator's command or a revocation was rejected and changed nothing.
     *
     * @param userId the user of a revocation, because several users may revoke under the same request id; null for any
     *     other command
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record ChangeRejected(RequestId requestId, CouponId couponId, UserId userId, ChangeRejectionReason reason,
            Instant decidedAt) implements CouponOutcome {
        public ChangeRejected {
            Require.present("requestId", requestId);
            Require.present("couponId", couponId);
            Require.present("reason", reason);
            Require.time("decidedAt", decidedAt);
        }

        /** The rejection of a command that is no revocation. */
        public ChangeRejected(RequestId requestId, CouponId couponId, ChangeRejectionReason reason,
                Instant decidedAt) {
            this(requestId, couponId, null, reason, decidedAt);
        }
    }

    /**
     * The record is not a valid command for its key. The record itself is copied to {@link Topics#COMMANDS_DLQ}; this
     * outcome informs the sender, and is written only when a request id can be read from the record.
     *
     * @param couponId the coupon named by the record's key
     * @param detail what is wrong, 1 to 500 characters; the message of a {@link ContractViolation} always fits
     */
    record CommandInvalid(RequestId requestId, CouponId couponId, String detail, Instant decidedAt)
            implements
                CouponOutcome {
        public CommandInvalid {
            Require.present("requestId", requestId);
            Require.present("couponId", couponId);
            Require.text("detail", detail, 500);
            Require.time("decidedAt", decidedAt);
        }
    }
}

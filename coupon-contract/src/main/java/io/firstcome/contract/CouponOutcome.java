package io.firstcome.contract;

import java.time.Instant;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

import io.firstcome.contract.id.CouponId;
import io.firstcome.contract.id.RequestId;
import io.firstcome.contract.id.UserId;
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
    @JsonSubTypes.Type(value = CouponOutcome.CouponChanged.class, name = "CouponChanged"),
    @JsonSubTypes.Type(value = CouponOutcome.ChangeRejected.class, name = "ChangeRejected"),
    @JsonSubTypes.Type(value = CouponOutcome.CommandInvalid.class, name = "CommandInvalid")})
public sealed interface CouponOutcome extends AboutCoupon {

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
     */
    record CouponIssued(RequestId requestId, CouponId couponId, UserId userId, long sequence, Instant issuedAt)
            implements
                CouponOutcome {
        public CouponIssued {
            Require.present("requestId", requestId);
            Require.present("couponId", couponId);
            Require.present("userId", userId);
            Require.between("sequence", sequence, 1, CouponDefinition.MAX_STOCK);
            Require.time("issuedAt", issuedAt);
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
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record IssueRejected(RequestId requestId, CouponId couponId, UserId userId, RejectionReason reason,
            Instant decidedAt, Long heldSequence, Instant opensAt) implements CouponOutcome {
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
                Require.between("heldSequence", heldSequence, 1, CouponDefinition.MAX_STOCK);
            }
            if (opensAt != null) {
                Require.time("opensAt", opensAt);
            }
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

    /** An operator's command was rejected and changed nothing. */
    record ChangeRejected(RequestId requestId, CouponId couponId, ChangeRejectionReason reason, Instant decidedAt)
            implements
                CouponOutcome {
        public ChangeRejected {
            Require.present("requestId", requestId);
            Require.present("couponId", couponId);
            Require.present("reason", reason);
            Require.time("decidedAt", decidedAt);
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

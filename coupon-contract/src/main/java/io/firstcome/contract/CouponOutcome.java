package io.firstcome.contract;

import java.time.Instant;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/**
 * What the authority decided about one command. Committed once, it never changes; everything else (the gate, MySQL, an
 * HTTP answer) is derived from it.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = CouponOutcome.CouponIssued.class, name = "CouponIssued"),
    @JsonSubTypes.Type(value = CouponOutcome.IssueRejected.class, name = "IssueRejected"),
    @JsonSubTypes.Type(value = CouponOutcome.CouponChanged.class, name = "CouponChanged"),
    @JsonSubTypes.Type(value = CouponOutcome.ChangeRejected.class, name = "ChangeRejected"),
    @JsonSubTypes.Type(value = CouponOutcome.CommandInvalid.class, name = "CommandInvalid")})
public sealed interface CouponOutcome extends AboutCoupon {

    /** The attempt that this answers. */
    RequestId requestId();

    /** The coupon's own time at the decision: the command's append time, made monotone for the coupon. */
    Instant decidedAt();

    /**
     * The user has the coupon.
     *
     * @param sequence the place in the line: 1 for the first, without gaps
     * @param issuedAt the time of the decision
     */
    record CouponIssued(RequestId requestId, CouponId couponId, UserId userId, long sequence, Instant issuedAt)
            implements
                CouponOutcome {
        public CouponIssued {
            Require.present("requestId", requestId);
            Require.present("couponId", couponId);
            Require.present("userId", userId);
            Require.between("sequence", sequence, 1, CouponDefinition.LARGEST_STOCK);
            Require.time("issuedAt", issuedAt);
        }

        @Override
        public Instant decidedAt() {
            return issuedAt;
        }
    }

    /**
     * The request did not get a coupon.
     *
     * @param heldSequence with {@code ALREADY_ISSUED} the number that the user holds, else null
     * @param opensAt with {@code NOT_STARTED} when claims can win, else null
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
                    "goes with ALREADY_ISSUED and with nothing else");
            Require.that((opensAt != null) == (reason == RejectionReason.NOT_STARTED), "opensAt",
                    "goes with NOT_STARTED and with nothing else");
            if (heldSequence != null) {
                Require.between("heldSequence", heldSequence, 1, CouponDefinition.LARGEST_STOCK);
            }
            if (opensAt != null) {
                Require.time("opensAt", opensAt);
            }
        }
    }

    /** An operator's command was carried out; {@code state} is what holds from then on. */
    record CouponChanged(RequestId requestId, Change change, CouponState state, Instant decidedAt)
            implements
                CouponOutcome {

        /** What the command did. */
        public enum Change {
            /** The coupon did not exist before. */
            CREATED,
            /** It existed and is now different. */
            CHANGED,
            /** It already was as asked. */
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

    /** An operator's command was refused and changed nothing. */
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
     * The record could not be understood as a command for its key. It stands in the dead letters; this tells the sender,
     * as far as a requestId could be read.
     *
     * @param couponId the record's key
     * @param detail what was wrong, for people, 1 to 500 characters; a {@link ContractViolation}'s message is always fit
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

package io.firstcome.contract;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

import io.firstcome.contract.id.CouponId;
import io.firstcome.contract.id.RequestId;
import io.firstcome.contract.id.UserId;
import io.firstcome.contract.json.Require;

/**
 * A request of a user or an operator, written to {@link Topics#COMMANDS}. A command in the log is accepted but not yet
 * decided: the authority answers each command with one {@link CouponOutcome} that carries the same {@link
 * #requestId()}.
 *
 * <p>The JSON has a {@code type} member with the simple name of the record.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = CouponCommand.DefineCoupon.class, name = "DefineCoupon"),
    @JsonSubTypes.Type(value = CouponCommand.PauseCoupon.class, name = "PauseCoupon"),
    @JsonSubTypes.Type(value = CouponCommand.ResumeCoupon.class, name = "ResumeCoupon"),
    @JsonSubTypes.Type(value = CouponCommand.CloseCoupon.class, name = "CloseCoupon"),
    @JsonSubTypes.Type(value = CouponCommand.IssueCoupon.class, name = "IssueCoupon"),
    @JsonSubTypes.Type(value = CouponCommand.RevokeIssue.class, name = "RevokeIssue"),
    @JsonSubTypes.Type(value = CouponCommand.ArchiveCoupon.class, name = "ArchiveCoupon")})
public sealed interface CouponCommand extends AboutCoupon {

    /** Identifies the request. A command that is sent again with the same id gets the same answer. */
    RequestId requestId();

    /**
     * Creates the coupon, or changes its name, stock or window. An identical definition changes nothing.
     *
     * @param definition the complete new definition; fields that should stay must be repeated
     */
    record DefineCoupon(RequestId requestId, CouponDefinition definition) implements CouponCommand {
        public DefineCoupon {
            Require.present("requestId", requestId);
            Require.present("definition", definition);
        }

        @Override
        public CouponId couponId() {
            return definition.couponId();
        }
    }

    /** Pauses the coupon: claims are rejected as {@code PAUSED} until it is resumed. */
    record PauseCoupon(RequestId requestId, CouponId couponId) implements CouponCommand {
        public PauseCoupon {
            Require.present("requestId", requestId);
            Require.present("couponId", couponId);
        }
    }

    /** Ends a pause: claims are decided by window and stock again. */
    record ResumeCoupon(RequestId requestId, CouponId couponId) implements CouponCommand {
        public ResumeCoupon {
            Require.present("requestId", requestId);
            Require.present("couponId", couponId);
        }
    }

    /** Closes the coupon permanently: claims are rejected as {@code ENDED}, and it cannot be changed any more. */
    record CloseCoupon(RequestId requestId, CouponId couponId) implements CouponCommand {
        public CloseCoupon {
            Require.present("requestId", requestId);
            Require.present("couponId", couponId);
        }
    }

    /**
     * Archives a coupon that is closed or whose window is over: the authority forgets its holders, and the definition
     * and the counts stay. Cannot be undone.
     */
    record ArchiveCoupon(RequestId requestId, CouponId couponId) implements CouponCommand {

        public ArchiveCoupon {
            Require.present("requestId", requestId);
            Require.present("couponId", couponId);
        }
    }

    /** A user's claim to be issued the coupon. */
    record IssueCoupon(RequestId requestId, CouponId couponId, UserId userId) implements CouponCommand {
        public IssueCoupon {
            Require.present("requestId", requestId);
            Require.present("couponId", couponId);
            Require.present("userId", userId);
        }
    }

    /**
     * Takes an issued coupon away from its user. Its sequence is never issued again, and the place returns to the
     * stock.
     *
     * @param sequence the sequence of the coupon to revoke; null when the user holds only one
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record RevokeIssue(RequestId requestId, CouponId couponId, UserId userId, Long sequence) implements CouponCommand {

        public RevokeIssue {
            Require.present("requestId", requestId);
            Require.present("couponId", couponId);
            Require.present("userId", userId);
            if (sequence != null) {
                Require.between("sequence", sequence, 1, CouponOutcome.MAX_SEQUENCE);
            }
        }
    }
}

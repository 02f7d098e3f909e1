package io.firstcome.contract;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/** Something somebody wants. A command in the log has been accepted, not granted: its outcome says what came of it. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = CouponCommand.DefineCoupon.class, name = "DefineCoupon"),
    @JsonSubTypes.Type(value = CouponCommand.PauseCoupon.class, name = "PauseCoupon"),
    @JsonSubTypes.Type(value = CouponCommand.ResumeCoupon.class, name = "ResumeCoupon"),
    @JsonSubTypes.Type(value = CouponCommand.CloseCoupon.class, name = "CloseCoupon"),
    @JsonSubTypes.Type(value = CouponCommand.IssueCoupon.class, name = "IssueCoupon")})
public sealed interface CouponCommand extends AboutCoupon {

    /** The attempt that this command belongs to; its outcome carries the same id. */
    RequestId requestId();

    /** Create the coupon, or change its name, stock or window. Saying the same again changes nothing. */
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

    /** Reject claims as {@code PAUSED} until resumed. */
    record PauseCoupon(RequestId requestId, CouponId couponId) implements CouponCommand {
        public PauseCoupon {
            Require.present("requestId", requestId);
            Require.present("couponId", couponId);
        }
    }

    /** Take a pause back. */
    record ResumeCoupon(RequestId requestId, CouponId couponId) implements CouponCommand {
        public ResumeCoupon {
            Require.present("requestId", requestId);
            Require.present("couponId", couponId);
        }
    }

    /** End the coupon for good. */
    record CloseCoupon(RequestId requestId, CouponId couponId) implements CouponCommand {
        public CloseCoupon {
            Require.present("requestId", requestId);
            Require.present("couponId", couponId);
        }
    }

    /** One user claims one coupon. */
    record IssueCoupon(RequestId requestId, CouponId couponId, UserId userId) implements CouponCommand {
        public IssueCoupon {
            Require.present("requestId", requestId);
            Require.present("couponId", couponId);
            Require.present("userId", userId);
        }
    }
}

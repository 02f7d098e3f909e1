package io.firstcome.processor.topology;

import java.util.Optional;

import io.firstcome.contract.CouponCommand;
import io.firstcome.contract.CouponId;
import io.firstcome.contract.RequestId;

/** A record of the commands topic, understood as far as it can be. */
sealed interface ReceivedCommand {

    /** A command for the coupon that the record's key names, on that coupon's partition. */
    record Understood(CouponCommand command) implements ReceivedCommand {}

    /**
     * No such command.
     *
     * @param reason what is wrong, for people
     * @param sender whom to tell, where both the key and a request id can be read
     */
    record NotUnderstood(String reason, Optional<Sender> sender) implements ReceivedCommand {}

    /** Who sent a record, as far as the record says. */
    record Sender(CouponId couponId, RequestId requestId) {}
}

package io.firstcome.testkit.log;

import java.time.Instant;

import io.firstcome.contract.CouponCommand;
import io.firstcome.contract.id.CouponId;

/**
 * A valid record of {@code coupon-commands}.
 *
 * @param key the coupon named by the record's key; it differs from the command's coupon only in a forged record
 */
public record LoggedCommand(int partition, long offset, Instant appendTime, CouponId key, CouponCommand command)
        implements
            CommandRecord {

    @Override
    public boolean requiresOutcome() {
        return true;
    }
}

package io.firstcome.testkit.evidence;

import java.time.Instant;

import io.firstcome.contract.CouponCommand;
import io.firstcome.contract.CouponId;

/**
 * A command as it stands in the log.
 *
 * @param key the coupon that the record's key names; with a record written by our own code always the command's
 */
public record LoggedCommand(int partition, long offset, Instant appendTime, CouponId key, CouponCommand command)
        implements
            CommandRecord {

    @Override
    public boolean isOwedAnOutcome() {
        return true;
    }
}

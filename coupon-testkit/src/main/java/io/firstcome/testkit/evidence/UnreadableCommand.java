package io.firstcome.testkit.evidence;

import java.time.Instant;
import java.util.Optional;

import io.firstcome.contract.CouponId;
import io.firstcome.contract.RequestId;

/**
 * A record of {@code coupon-commands} that is no command, or stands where its coupon's commands do not stand. Where key and requestId can be read, its sender is owed a
 * {@code CommandInvalid}.
 *
 * @param key the coupon that the key names, if it names one
 * @param requestId the field {@code requestId} of the value, if the value is JSON and the field an id
 * @param problem why the record is no command, for people
 */
public record UnreadableCommand(int partition, long offset, Instant appendTime, Optional<CouponId> key,
        Optional<RequestId> requestId, String problem) implements CommandRecord {

    @Override
    public boolean isOwedAnOutcome() {
        return key.isPresent() && requestId.isPresent();
    }
}

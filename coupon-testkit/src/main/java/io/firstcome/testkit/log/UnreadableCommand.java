package io.firstcome.testkit.log;

import java.time.Instant;
import java.util.Optional;

import io.firstcome.contract.id.CouponId;
import io.firstcome.contract.id.RequestId;

/**
 * An invalid record of {@code coupon-commands}, or a record in another partition than the one of its key. The authority
 * answers it with a {@code CommandInvalid} when the key and the request id can be read.
 *
 * @param key the coupon named by the key, if it is valid
 * @param requestId the member {@code requestId} of the value, if the value is JSON and the member is a valid id
 * @param problem why the record is invalid
 */
public record UnreadableCommand(int partition, long offset, Instant appendTime, Optional<CouponId> key,
        Optional<RequestId> requestId, String problem) implements CommandRecord {

    @Override
    public boolean requiresOutcome() {
        return key.isPresent() && requestId.isPresent();
    }
}

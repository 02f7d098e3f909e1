package io.firstcome.processor.topology;

import java.util.Optional;

import org.apache.kafka.common.utils.Utils;

import io.firstcome.contract.CouponCommand;
import io.firstcome.contract.id.CouponId;
import io.firstcome.contract.id.RequestId;
import io.firstcome.contract.json.ContractViolation;
import io.firstcome.contract.json.NewerFormat;
import io.firstcome.contract.topic.Topic;
import io.firstcome.contract.topic.Topics;

/**
 * Reads the records of {@code coupon-commands}, which may have any bytes.
 *
 * @param partitions the number of partitions of that topic
 */
record CommandReader(int partitions) {

    /** The result of reading a record. */
    sealed interface ReadResult {}

    /** A command for the coupon that the record's key names, on that coupon's partition. */
    record Valid(CouponCommand command) implements ReadResult {}

    /**
     * A record that is no valid command.
     *
     * @param reason what is wrong, for people
     * @param sender the request that the record names; empty when the key or the request id cannot be read
     */
    record Invalid(String reason, Optional<Sender> sender) implements ReadResult {}

    /** A record with a valid key that a newer version may have written. */
    record Newer(NewerFormat format) implements ReadResult {}

    /** The request to which an invalid record belongs. */
    record Sender(CouponId couponId, RequestId requestId) {}

    ReadResult read(byte[] key, byte[] value, int partition) {
        CouponId couponId;
        try {
            couponId = Topic.couponIdOf(key);
        } catch (ContractViolation e) {
            return new Invalid("record key: " + e.getMessage(), Optional.empty());
        }
        CouponCommand command;
        try {
            command = Topics.COMMANDS.decode(value);
        } catch (NewerFormat e) {
            return new Newer(e);
        } catch (ContractViolation e) {
            return new Invalid(e.getMessage(), Topic.requestIdIn(value).map(id -> new Sender(couponId, id)));
        }
        Optional<Sender> sender = Optional.of(new Sender(couponId, command.requestId()));
        if (!command.couponId().equals(couponId)) {
            return new Invalid("couponId is " + command.couponId() + " but the record's key is " + couponId, sender);
        }
        // One coupon on two partitions would be two coupons, each with the whole stock. A producer that partitions with
        // another hash than Kafka's own clients must not cause this.
        int expected = Utils.toPositive(Utils.murmur2(key)) % partitions;
        if (expected != partition) {
            return new Invalid("the record is on partition " + partition + " but its key belongs to " + expected,
                    sender);
        }
        return new Valid(command);
    }
}

package io.firstcome.sink.loop;

import org.apache.kafka.clients.consumer.ConsumerRecord;

import io.firstcome.contract.ContractViolation;
import io.firstcome.contract.CouponId;
import io.firstcome.contract.CouponOutcome;
import io.firstcome.contract.Topic;
import io.firstcome.contract.Topics;

/** A record of the outcomes topic, understood as far as it can be. */
sealed interface ReceivedOutcome {

    /** The record as it came. */
    ConsumerRecord<byte[], byte[]> record();

    /** An outcome about the coupon that the record's key names. */
    record Understood(ConsumerRecord<byte[], byte[]> record, CouponOutcome outcome) implements ReceivedOutcome {}

    /**
     * No such outcome.
     *
     * @param reason what is wrong, for people
     */
    record NotUnderstood(ConsumerRecord<byte[], byte[]> record, String reason) implements ReceivedOutcome {}

    /** Understands a record, whatever its bytes are. */
    static ReceivedOutcome of(ConsumerRecord<byte[], byte[]> record) {
        try {
            CouponId key = Topic.couponIdOf(record.key());
            CouponOutcome outcome = Topics.OUTCOMES.decode(record.value());
            return outcome.couponId().equals(key)
                    ? new Understood(record, outcome)
                    : new NotUnderstood(record,
                            "couponId is " + outcome.couponId() + " but the record's key is " + key);
        } catch (ContractViolation e) {
            return new NotUnderstood(record, e.getMessage());
        }
    }
}

package io.firstcome.sink.store;

import org.apache.kafka.clients.consumer.ConsumerRecord;

import io.firstcome.contract.CouponOutcome;
import io.firstcome.contract.id.CouponId;
import io.firstcome.contract.json.ContractViolation;
import io.firstcome.contract.json.NewerFormat;
import io.firstcome.contract.topic.RecordPosition;
import io.firstcome.contract.topic.Topic;
import io.firstcome.contract.topic.Topics;
import io.firstcome.kit.service.WriterVersion;

/** A record of the outcomes topic, parsed. */
sealed interface ReceivedOutcome {

    /** The record as Kafka delivered it. */
    ConsumerRecord<byte[], byte[]> record();

    /** An outcome about the coupon that the record's key names. */
    record Understood(ConsumerRecord<byte[], byte[]> record, CouponOutcome outcome) implements ReceivedOutcome {}

    /**
     * A record that holds no outcome, or one about another coupon than its key.
     *
     * @param reason what is wrong, in one line for an operator
     */
    record NotUnderstood(ConsumerRecord<byte[], byte[]> record, String reason) implements ReceivedOutcome {}

    /**
     * A record that a newer version of the authority may have written.
     *
     * @param why what is not known and what to do, in one line for an operator
     */
    record Newer(ConsumerRecord<byte[], byte[]> record, String why) implements ReceivedOutcome {}

    /** Parses a record; any bytes give a result. */
    static ReceivedOutcome of(ConsumerRecord<byte[], byte[]> record) {
        try {
            CouponId key = Topic.couponIdOf(record.key());
            CouponOutcome outcome = Topics.OUTCOMES.decode(record.value());
            return outcome.couponId().equals(key)
                    ? new Understood(record, outcome)
                    : new NotUnderstood(record,
                            "couponId is " + outcome.couponId() + " but the record's key is " + key);
        } catch (NewerFormat e) {
            var at = new RecordPosition(record.topic(), record.partition(), record.offset());
            return new Newer(record, WriterVersion.problem(e, at, record.headers()));
        } catch (ContractViolation e) {
            return new NotUnderstood(record, e.getMessage());
        }
    }
}

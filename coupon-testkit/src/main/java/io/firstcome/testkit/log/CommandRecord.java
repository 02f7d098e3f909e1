package io.firstcome.testkit.log;

import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;

import com.fasterxml.jackson.databind.JsonNode;

import io.firstcome.contract.CouponCommand;
import io.firstcome.contract.id.CouponId;
import io.firstcome.contract.id.RequestId;
import io.firstcome.contract.json.ContractViolation;
import io.firstcome.contract.json.Json;
import io.firstcome.contract.topic.Topic;
import io.firstcome.contract.topic.Topics;

/** One record of {@code coupon-commands} with its position. */
public sealed interface CommandRecord permits LoggedCommand, UnreadableCommand {

    /** The partition. */
    int partition();

    /** The offset within the partition. */
    long offset();

    /** The time at which the broker appended the record. */
    Instant appendTime();

    /** Whether the authority must write an outcome: true unless no coupon or no request id can be read. */
    boolean requiresOutcome();

    /**
     * Reads a consumed record. An invalid record is returned as {@link UnreadableCommand}: it is evidence too.
     *
     * @param partitions the topic's partition count, used to check that the record is in the partition of its key
     */
    static CommandRecord of(ConsumerRecord<byte[], byte[]> record, int partitions) {
        Instant appendTime = Instant.ofEpochMilli(record.timestamp());
        try {
            CouponId key = Topic.couponIdOf(record.key());
            CouponCommand command = Topics.COMMANDS.decode(record.value());
            if (BuiltInPartitioner.partitionForKey(record.key(), partitions) != record.partition()) {
                throw new ContractViolation("key", "belongs to another partition");
            }
            return new LoggedCommand(record.partition(), record.offset(), appendTime, key, command);
        } catch (ContractViolation violation) {
            return new UnreadableCommand(record.partition(), record.offset(), appendTime,
                    tryRead(Topic::couponIdOf, record.key()), tryRead(CommandRecord::requestIdIn, record.value()),
                    violation.getMessage());
        }
    }

    private static RequestId requestIdIn(byte[] value) {
        return new RequestId(Json.read(value, JsonNode.class).path("requestId").textValue());
    }

    private static <T> Optional<T> tryRead(Function<byte[], T> reader, byte[] bytes) {
        try {
            return Optional.of(reader.apply(bytes));
        } catch (ContractViolation _) {
            return Optional.empty();
        }
    }
}

package io.firstcome.testkit.evidence;

import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;

import com.fasterxml.jackson.databind.JsonNode;

import io.firstcome.contract.ContractViolation;
import io.firstcome.contract.CouponCommand;
import io.firstcome.contract.CouponId;
import io.firstcome.contract.Json;
import io.firstcome.contract.RequestId;
import io.firstcome.contract.Topic;
import io.firstcome.contract.Topics;

/** One record of {@code coupon-commands}, at its place in the line. */
public sealed interface CommandRecord permits LoggedCommand, UnreadableCommand {

    /** The partition that it stands on. */
    int partition();

    /** Its place on that partition. */
    long offset();

    /** When the broker took it in. */
    Instant appendTime();

    /** Whether somebody can be told what came of it: always, unless it is garbage that names nobody. */
    boolean isOwedAnOutcome();

    /**
     * What a consumed record stands for; never fails, for garbage in the log is evidence too.
     *
     * @param partitions how many partitions its topic has; a key has its one place among them
     */
    static CommandRecord of(ConsumerRecord<byte[], byte[]> received, int partitions) {
        Instant appendTime = Instant.ofEpochMilli(received.timestamp());
        try {
            CouponId key = Topic.couponIdOf(received.key());
            CouponCommand command = Topics.COMMANDS.decode(received.value());
            if (BuiltInPartitioner.partitionForKey(received.key(), partitions) != received.partition()) {
                throw new ContractViolation("key", "belongs to another partition");
            }
            return new LoggedCommand(received.partition(), received.offset(), appendTime, key, command);
        } catch (ContractViolation problem) {
            return new UnreadableCommand(received.partition(), received.offset(), appendTime,
                    attempt(Topic::couponIdOf, received.key()), attempt(CommandRecord::requestIdIn, received.value()),
                    problem.getMessage());
        }
    }

    private static RequestId requestIdIn(byte[] value) {
        return new RequestId(Json.read(value, JsonNode.class).path("requestId").textValue());
    }

    private static <T> Optional<T> attempt(Function<byte[], T> reading, byte[] bytes) {
        try {
            return Optional.of(reading.apply(bytes));
        } catch (ContractViolation unreadable) {
            return Optional.empty();
        }
    }
}

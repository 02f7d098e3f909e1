package io.firstcome.processor.topology;

import java.util.Optional;

import org.apache.kafka.common.utils.Utils;

import com.fasterxml.jackson.databind.JsonNode;

import io.firstcome.contract.ContractViolation;
import io.firstcome.contract.CouponCommand;
import io.firstcome.contract.CouponId;
import io.firstcome.contract.Json;
import io.firstcome.contract.RequestId;
import io.firstcome.contract.Topic;
import io.firstcome.contract.Topics;
import io.firstcome.processor.topology.ReceivedCommand.NotUnderstood;
import io.firstcome.processor.topology.ReceivedCommand.Sender;
import io.firstcome.processor.topology.ReceivedCommand.Understood;

/**
 * Tells commands from everything else that can stand in the commands topic.
 *
 * @param partitions how many partitions that topic has
 */
record CommandReader(int partitions) {

    /** Understands a record, whatever its bytes are. */
    ReceivedCommand read(byte[] key, byte[] value, int partition) {
        CouponId couponId;
        try {
            couponId = Topic.couponIdOf(key);
        } catch (ContractViolation e) {
            return new NotUnderstood("record key: " + e.getMessage(), Optional.empty());
        }
        try {
            CouponCommand command = Topics.COMMANDS.decode(value);
            return misplaced(command, couponId, key, partition)
                    .<ReceivedCommand>map(reason -> new NotUnderstood(reason, sender(couponId, command.requestId())))
                    .orElseGet(() -> new Understood(command));
        } catch (ContractViolation e) {
            return new NotUnderstood(e.getMessage(), requestIdIn(value).flatMap(id -> sender(couponId, id)));
        }
    }

    /**
     * The same coupon on two partitions would be two coupons, each with the whole stock. A producer that routes by another
     * hash than Kafka's own clients do must not be able to bring that about.
     */
    private Optional<String> misplaced(CouponCommand command, CouponId couponId, byte[] key, int partition) {
        if (!command.couponId().equals(couponId)) {
            return Optional.of("couponId is " + command.couponId() + " but the record's key is " + couponId);
        }
        int home = Utils.toPositive(Utils.murmur2(key)) % partitions;
        return home == partition
                ? Optional.empty()
                : Optional.of("the record is on partition " + partition + " but its key belongs to " + home);
    }

    private static Optional<Sender> sender(CouponId couponId, RequestId requestId) {
        return Optional.of(new Sender(couponId, requestId));
    }

    private static Optional<RequestId> requestIdIn(byte[] value) {
        try {
            return Optional.of(new RequestId(Json.read(value, JsonNode.class).path("requestId").textValue()));
        } catch (ContractViolation unreadable) {
            return Optional.empty();
        }
    }
}

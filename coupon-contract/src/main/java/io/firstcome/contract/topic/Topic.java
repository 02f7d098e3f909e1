package io.firstcome.contract.topic;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

import org.apache.kafka.clients.producer.ProducerRecord;

import com.fasterxml.jackson.databind.JsonNode;

import io.firstcome.contract.AboutCoupon;
import io.firstcome.contract.id.CouponId;
import io.firstcome.contract.id.RequestId;
import io.firstcome.contract.json.ContractViolation;
import io.firstcome.contract.json.Json;

/**
 * A topic whose records are keyed by coupon and hold JSON values of one type. Kafka clients are configured for plain
 * bytes and call {@link #decode} themselves: a deserializer inside the client would throw from {@code poll()} at an
 * invalid record, before the application knows its offset.
 *
 * @param name the topic's name
 * @param type the type of the values
 * @param settings the topic's Kafka configuration, without the partition count and the replication factor
 */
public record Topic<V extends AboutCoupon>(String name, Class<V> type, Map<String, String> settings)
        implements
            TopicSpec {

    /** The record that carries {@code value}. Its key is the value's coupon; the partition is left to the producer. */
    public ProducerRecord<byte[], byte[]> record(V value) {
        return new ProducerRecord<>(name, key(value.couponId()), encode(value));
    }

    /**
     * The record that carries {@code value}, in the partition of its coupon. Services name it, because a producer that
     * chooses by the current count would send a coupon elsewhere when partitions are added to the topic.
     */
    public ProducerRecord<byte[], byte[]> record(V value, int partition) {
        return new ProducerRecord<>(name, partition, key(value.couponId()), encode(value));
    }

    /** Serializes a value to JSON in UTF-8. */
    public byte[] encode(V value) {
        return ClaimJson.write(value);
    }

    /**
     * Deserializes the value of a record.
     *
     * @throws io.firstcome.contract.json.NewerFormat when the bytes may be a value of a newer version
     * @throws ContractViolation when the bytes are null or not a valid value; the message names the field
     */
    public V decode(byte[] value) {
        return ClaimJson.read(value, type);
    }

    /** The record key for a coupon: its id in UTF-8. */
    public static byte[] key(CouponId couponId) {
        return couponId.value().getBytes(StandardCharsets.UTF_8);
    }

    /** The request that a value names, also a value that is not valid; empty when no valid request id can be read. */
    public static Optional<RequestId> requestIdIn(byte[] value) {
        try {
            return Optional.of(new RequestId(Json.read(value, JsonNode.class).path("requestId").textValue()));
        } catch (ContractViolation _) {
            return Optional.empty();
        }
    }

    /**
     * Reads a record key.
     *
     * @throws ContractViolation when the key is null or not a valid coupon id
     */
    public static CouponId couponIdOf(byte[] key) {
        return new CouponId(key == null ? null : new String(key, StandardCharsets.UTF_8));
    }
}

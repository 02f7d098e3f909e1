package io.firstcome.contract;

import java.nio.charset.StandardCharsets;
import java.util.Map;

import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * One topic with typed values. Clients read and write plain bytes and call {@link #decode} themselves, so that a record
 * nobody can read is met in our code, with its offset in hand, and not inside a client's poll.
 *
 * @param name the topic's name
 * @param type what its values are
 * @param settings the topic's Kafka settings, apart from partitions and replicas
 */
public record Topic<V extends AboutCoupon>(String name, Class<V> type, Map<String, String> settings)
        implements
            TopicSpec {

    /** The record that carries {@code value}; its key is the coupon that the value is about, and cannot be another. */
    public ProducerRecord<byte[], byte[]> record(V value) {
        return new ProducerRecord<>(name, key(value.couponId()), encode(value));
    }

    /** A value's bytes. */
    public byte[] encode(V value) {
        return Json.write(value);
    }

    /**
     * The value that a record's bytes stand for.
     *
     * @throws ContractViolation when they stand for none
     */
    public V decode(byte[] value) {
        return Json.read(value, type);
    }

    /** The key of every record about a coupon. */
    public static byte[] key(CouponId couponId) {
        return couponId.value().getBytes(StandardCharsets.UTF_8);
    }

    /**
     * The coupon that a record's key names.
     *
     * @throws ContractViolation when it names none
     */
    public static CouponId couponIdOf(byte[] key) {
        return new CouponId(key == null ? null : new String(key, StandardCharsets.UTF_8));
    }
}

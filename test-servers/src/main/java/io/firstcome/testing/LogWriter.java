package io.firstcome.testing;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

import io.firstcome.contract.AboutCoupon;
import io.firstcome.contract.CouponOutcome;
import io.firstcome.contract.CouponState;
import io.firstcome.contract.topic.Topic;
import io.firstcome.contract.topic.Topics;
import io.firstcome.kit.settings.KafkaSettings;

/** Writes outcomes and states in place of an authority. */
public final class LogWriter implements AutoCloseable {

    private final KafkaProducer<byte[], byte[]> producer;

    public LogWriter() {
        this(KafkaServer.kafkaSettings());
    }

    public LogWriter(KafkaSettings kafka) {
        producer = new KafkaProducer<>(kafka.client(), new ByteArraySerializer(), new ByteArraySerializer());
    }

    public LogWriter write(CouponOutcome... outcomes) {
        return write(Topics.OUTCOMES, outcomes);
    }

    public LogWriter write(CouponState... states) {
        return write(Topics.STATES, states);
    }

    /** Sends a decision and the state after it, without waiting until Kafka has them. */
    void send(CouponOutcome outcome, Optional<CouponState> state) {
        producer.send(Topics.OUTCOMES.record(outcome));
        state.ifPresent(it -> producer.send(Topics.STATES.record(it)));
    }

    @SafeVarargs
    private <V extends AboutCoupon> LogWriter write(Topic<V> topic, V... values) {
        for (V value : values) {
            producer.send(topic.record(value));
        }
        producer.flush();
        return this;
    }

    /** Writes a record with an invalid value and the coupon's key. */
    public LogWriter writeGarbage(Topic<?> topic, String coupon) {
        producer.send(new ProducerRecord<>(topic.name(), coupon.getBytes(StandardCharsets.UTF_8),
                "garbage".getBytes(StandardCharsets.UTF_8)));
        producer.flush();
        return this;
    }

    @Override
    public void close() {
        producer.close();
    }
}

package io.firstcome.testing;

import java.nio.charset.StandardCharsets;

import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

import io.firstcome.contract.AboutCoupon;
import io.firstcome.contract.CouponOutcome;
import io.firstcome.contract.CouponState;
import io.firstcome.contract.Topic;
import io.firstcome.contract.Topics;
import io.firstcome.kit.settings.KafkaSettings;

/** Writes what an authority would have written. */
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

    @SafeVarargs
    private <V extends AboutCoupon> LogWriter write(Topic<V> topic, V... values) {
        for (V value : values) {
            producer.send(topic.record(value));
        }
        producer.flush();
        return this;
    }

    /** Something that nobody can read, on the coupon's partition. */
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

package io.firstcome.processor.metrics;

import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.KafkaClientSupplier;

import io.firstcome.contract.topic.Topics;
import io.firstcome.kit.metrics.Meters;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;

/**
 * Creates the clients of Kafka Streams as Kafka Streams does by default, with producers that measure their commits.
 * Kafka Streams itself reports only averages of commits.
 */
public final class MeasuredProducers implements KafkaClientSupplier {

    private final Timer commits;
    private final DistributionSummary outcomes;

    /** Registers the meters. */
    public MeasuredProducers(MeterRegistry registry) {
        commits = Meters.COMMIT_DURATION.register(registry);
        outcomes = Meters.COMMIT_OUTCOMES.register(registry);
    }

    @Override
    public Admin getAdmin(Map<String, Object> config) {
        return Admin.create(config);
    }

    @Override
    public Producer<byte[], byte[]> getProducer(Map<String, Object> config) {
        return new MeasuredProducer(config);
    }

    @Override
    public Consumer<byte[], byte[]> getConsumer(Map<String, Object> config) {
        return consumer(config);
    }

    @Override
    public Consumer<byte[], byte[]> getRestoreConsumer(Map<String, Object> config) {
        return consumer(config);
    }

    @Override
    public Consumer<byte[], byte[]> getGlobalConsumer(Map<String, Object> config) {
        return consumer(config);
    }

    private static Consumer<byte[], byte[]> consumer(Map<String, Object> config) {
        return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /** Used by one stream thread only. A commit begins with the offsets and ends when the brokers have committed. */
    private final class MeasuredProducer extends KafkaProducer<byte[], byte[]> {

        private long beginNanos;
        private int sent;

        MeasuredProducer(Map<String, Object> config) {
            super(config, new ByteArraySerializer(), new ByteArraySerializer());
        }

        @Override
        public Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> record, Callback callback) {
            if (record.topic().equals(Topics.OUTCOMES.name())) {
                sent++;
            }
            return super.send(record, callback);
        }

        @Override
        public void sendOffsetsToTransaction(Map<TopicPartition, OffsetAndMetadata> offsets,
                ConsumerGroupMetadata group) {
            beginNanos = System.nanoTime();
            super.sendOffsetsToTransaction(offsets, group);
        }

        @Override
        public void commitTransaction() {
            super.commitTransaction();
            commits.record(System.nanoTime() - beginNanos, TimeUnit.NANOSECONDS);
            outcomes.record(sent);
            sent = 0;
        }

        @Override
        public void abortTransaction() {
            sent = 0;
            super.abortTransaction();
        }
    }
}

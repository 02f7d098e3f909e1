package io.firstcome.sink.loop;

import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.firstcome.contract.DeadLetterTopic;
import io.firstcome.contract.Topics;
import io.firstcome.kit.settings.KafkaSettings;

/**
 * Sets records aside: as they came, with the reason and the origin beside. One that was set aside and whose offset was
 * not stored is set aside again, so there may be two of the same origin, but never none.
 */
final class DeadLetters implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(DeadLetters.class);
    private static final int LONGEST_REASON = 300;

    /** A record and what is wrong with it. */
    record DeadLetter(ConsumerRecord<byte[], byte[]> record, String reason) {}

    private final Producer<byte[], byte[]> producer;
    private final SinkMetrics metrics;

    DeadLetters(KafkaSettings kafka, SinkMetrics metrics) {
        this.producer = new KafkaProducer<>(properties(kafka), new ByteArraySerializer(), new ByteArraySerializer());
        this.metrics = metrics;
    }

    private static Properties properties(KafkaSettings kafka) {
        Properties properties = kafka.client();
        properties.put(ProducerConfig.ACKS_CONFIG, "all");
        // The loop waits for these; far less than the time after which Kafka gives its partitions to another.
        properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 5_000);
        properties.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 5_000);
        properties.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 20_000);
        return properties;
    }

    /** Returns nothing once all of them are safe, and what went wrong when that is not known of every one. */
    Optional<String> setAside(List<DeadLetter> letters) {
        List<Future<RecordMetadata>> sent = letters.stream().map(this::send).toList();
        try {
            for (Future<RecordMetadata> acknowledgement : sent) {
                acknowledgement.get();
            }
        } catch (ExecutionException e) {
            return Optional.of("a record could not be set aside: " + e.getCause().getMessage());
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
        metrics.deadLetters(letters.size());
        return Optional.empty();
    }

    private Future<RecordMetadata> send(DeadLetter letter) {
        ConsumerRecord<byte[], byte[]> record = letter.record();
        String reason = letter.reason().substring(0, Math.min(letter.reason().length(), LONGEST_REASON));
        var headers = new RecordHeaders(record.headers());
        DeadLetterTopic.headers(reason, record.topic(), record.partition(), record.offset()).forEach(headers::add);
        LOG.error("setting aside {}-{}@{}: {}", record.topic(), record.partition(), record.offset(), reason);
        return producer.send(
                new ProducerRecord<>(Topics.OUTCOMES_DLQ.name(), null, record.key(), record.value(), headers));
    }

    @Override
    public void close() {
        producer.close();
    }
}

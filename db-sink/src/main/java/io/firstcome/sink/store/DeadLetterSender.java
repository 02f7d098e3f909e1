package io.firstcome.sink.store;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.InterruptException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.firstcome.contract.topic.DeadLetter;
import io.firstcome.contract.topic.RecordPosition;
import io.firstcome.contract.topic.Topics;
import io.firstcome.kit.kafka.KafkaClients;
import io.firstcome.kit.logging.LogFields;

/**
 * Copies records to the dead-letter topic as {@link DeadLetter}. A record whose offset was not stored afterwards is
 * copied again, so there may be two dead letters of one origin, but never none.
 */
final class DeadLetterSender implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(DeadLetterSender.class);

    /** A record and why it cannot be stored. */
    record Unstorable(ConsumerRecord<byte[], byte[]> record, String reason) {}

    private final Producer<byte[], byte[]> producer;
    private final SinkMetrics metrics;

    DeadLetterSender(KafkaClients clients, SinkMetrics metrics) {
        // The loop waits for acknowledgements: far less than the time after which the group takes its partitions away.
        this.producer = clients.producer("dead-letters", Map.of(ProducerConfig.ACKS_CONFIG, "all",
                ProducerConfig.MAX_BLOCK_MS_CONFIG, 5_000,
                ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 5_000,
                ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 20_000));
        this.metrics = metrics;
    }

    /** Returns a problem unless Kafka has acknowledged every dead letter. */
    Optional<String> setAside(List<Unstorable> letters) {
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

    private Future<RecordMetadata> send(Unstorable letter) {
        ConsumerRecord<byte[], byte[]> record = letter.record();
        var origin = new RecordPosition(record.topic(), record.partition(), record.offset());
        LogFields.ofRecord(LOG.atError(), record.value(), record.headers())
                .log("setting aside {}: {}", origin, letter.reason());
        var copy = DeadLetter.of(record.key(), record.value(), record.headers(), letter.reason(), origin);
        return producer.send(
                new ProducerRecord<>(Topics.OUTCOMES_DLQ.name(), null, copy.key(), copy.value(), copy.headers()));
    }

    @Override
    public void close() {
        producer.close();
    }
}

package io.firstcome.ingress.publishing;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.firstcome.contract.CouponCommand;
import io.firstcome.contract.Topics;
import io.firstcome.ingress.publishing.Publication.Appended;
import io.firstcome.ingress.publishing.Publication.NotSent;
import io.firstcome.ingress.publishing.Publication.Unknown;
import io.firstcome.kit.kafka.KafkaClients;

/** Appends commands to the log, each exactly as often as it is told to. */
public final class CommandPublisher implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(CommandPublisher.class);
    private static final int MAX_BLOCK_MS = 500;
    private static final int LINGER_MS = 1;
    private static final Duration FLUSH = Duration.ofSeconds(10);

    private final KafkaProducer<byte[], byte[]> producer;
    private volatile boolean connected;
    private volatile boolean closed;

    /**
     * Connects and learns where the partitions are, so that the first claim does not wait for it.
     *
     * @param patience how long the broker's acknowledgement may take before the outcome is called unknown
     */
    public CommandPublisher(KafkaClients clients, Duration patience) {
        int delivery = (int) patience.toMillis();
        producer = clients.producer("commands", Map.of(ProducerConfig.ACKS_CONFIG, "all",
                ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true, ProducerConfig.LINGER_MS_CONFIG, LINGER_MS,
                ProducerConfig.MAX_BLOCK_MS_CONFIG, MAX_BLOCK_MS, ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, delivery,
                ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, delivery / 2));
        Thread.ofVirtual().name("commands-connect").start(this::connect);
    }

    /**
     * Appends one command. May block for up to half a second when the producer's buffer is full.
     *
     * @return how it went; it never fails, and is there within the patience and half a second
     */
    public CompletionStage<Publication> publish(CouponCommand command) {
        var sending = new Sending();
        try {
            producer.send(Topics.COMMANDS.record(command), sending::completed);
        } catch (KafkaException | IllegalStateException e) {
            sending.refused(e);
        }
        return sending.result;
    }

    /** Whether commands can be sent without first asking Kafka where to. */
    public boolean isConnected() {
        return connected;
    }

    private void connect() {
        while (!connected && !closed) {
            try {
                connected = !producer.partitionsFor(Topics.COMMANDS.name()).isEmpty();
            } catch (KafkaException | IllegalStateException e) {
                LOG.warn("Kafka does not say yet where commands go: {}", e.toString());
            }
        }
    }

    /** Sends what is buffered, then closes. */
    @Override
    public void close() {
        closed = true;
        producer.close(FLUSH);
    }

    /**
     * One sending. The producer reports a record that it never took into its buffer from within {@code send} itself, on
     * the caller's thread: that one is surely not in the log. Whatever its own thread reports later went, or may have
     * gone, over the wire: a failure then leaves the outcome open, whatever the exception's name.
     */
    private static final class Sending {

        private final Thread caller = Thread.currentThread();
        private final CompletableFuture<Publication> result = new CompletableFuture<>();

        void completed(RecordMetadata metadata, Exception failure) {
            if (failure == null) {
                result.complete(new Appended(metadata.offset(), Instant.ofEpochMilli(metadata.timestamp())));
            } else if (Thread.currentThread() == caller) {
                refused(failure);
            } else {
                result.complete(new Unknown(failure.toString()));
            }
        }

        void refused(Exception failure) {
            result.complete(new NotSent(failure.toString()));
        }
    }
}

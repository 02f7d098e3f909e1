package io.firstcome.ingress.publishing;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.ToIntFunction;

import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

import io.firstcome.contract.CouponCommand;
import io.firstcome.contract.id.CouponId;
import io.firstcome.contract.topic.Topics;
import io.firstcome.ingress.publishing.Publication.Appended;
import io.firstcome.ingress.publishing.Publication.NotSent;
import io.firstcome.ingress.publishing.Publication.Unknown;
import io.firstcome.kit.kafka.KafkaClients;
import io.firstcome.kit.logging.LogFields;
import io.firstcome.kit.loop.Backoff;
import io.firstcome.kit.loop.ServiceLoop;
import io.firstcome.kit.metrics.Meters;
import io.firstcome.kit.service.WriterVersion;
import io.firstcome.kit.tracing.Tracing;
import io.firstcome.readmodel.requests.OwnAppends;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;

/** Appends commands to the log: one record for each call of {@link #publish}, never more. */
public final class CommandPublisher implements AutoCloseable {

    /** How long {@link #publish} blocks at most, while the producer's buffer is full or it lacks the metadata. */
    public static final Duration LONGEST_BLOCK = Duration.ofMillis(500);

    private static final Logger LOG = LoggerFactory.getLogger(CommandPublisher.class);
    private static final int LINGER_MS = 1;
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);

    private final Producer<byte[], byte[]> producer;
    private final ToIntFunction<CouponId> partitionOf;
    private final BooleanSupplier isLogUsable;
    private final OwnAppends ownAppends;
    private final InstantSource clock;
    private final Timer appends;
    private final ClockOffset clockOffset;
    private final Tracing tracing;
    private final ServiceLoop connector;
    /** Whether the last append failed. */
    private final AtomicBoolean failing = new AtomicBoolean();
    private volatile boolean connected;

    /**
     * Connects in the background, so that the first claim does not wait for the metadata of the topic.
     *
     * @param ackTimeout how long the broker's acknowledgement may take before the outcome counts as unknown
     * @param isLogUsable whether the authority can decide what is appended from now on
     * @param ownAppends receives the place of each acknowledged command
     * @param clock this host's clock, which is compared with the brokers'
     */
    public CommandPublisher(KafkaClients clients, Duration ackTimeout, BooleanSupplier isLogUsable,
            OwnAppends ownAppends, InstantSource clock, Tracing tracing, MeterRegistry meters) {
        this(clients.partitionsOf(Topics.COMMANDS).size(),
                clients.producer("commands", Map.of(ProducerConfig.ACKS_CONFIG, "all",
                        ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true, ProducerConfig.LINGER_MS_CONFIG, LINGER_MS,
                        ProducerConfig.MAX_BLOCK_MS_CONFIG, (int) LONGEST_BLOCK.toMillis(),
                        ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, (int) ackTimeout.toMillis(),
                        ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) ackTimeout.toMillis() / 2)),
                clients::partitionOf,
                isLogUsable, ownAppends, clock, tracing, meters);
    }

    CommandPublisher(int partitions, Producer<byte[], byte[]> producer, ToIntFunction<CouponId> partitionOf,
            BooleanSupplier isLogUsable, OwnAppends ownAppends, InstantSource clock, Tracing tracing,
            MeterRegistry meters) {
        this.producer = producer;
        this.partitionOf = partitionOf;
        this.isLogUsable = isLogUsable;
        this.ownAppends = ownAppends;
        this.clock = clock;
        this.appends = Meters.APPEND_DURATION.register(meters);
        this.clockOffset = new ClockOffset(partitions, System::nanoTime, meters);
        this.tracing = tracing;
        // No action on close: one attempt takes LONGEST_BLOCK at most, and an interrupt would make it fail loudly.
        this.connector = ServiceLoop.named("commands-connect", this::connect, meters)
                .retry(Backoff.exponential(Duration.ofMillis(50), Duration.ofSeconds(1))).onClose(() -> {}).build();
        connector.start();
    }

    private void connect() {
        connected = !producer.partitionsFor(Topics.COMMANDS.name()).isEmpty();
        if (connected) {
            connector.beginClose();
        }
    }

    /**
     * Appends a command. Blocks for up to half a second while the producer's buffer is full or the topic's metadata is
     * missing. The caller must pass an acknowledgement to the request tracker, because the record is not decoded when
     * this ingress reads its own command.
     *
     * @return completes within the acknowledgement timeout and half a second, never exceptionally
     */
    public CompletionStage<Publication> publish(CouponCommand command) {
        if (!isLogUsable.getAsBoolean()) {
            return CompletableFuture.completedFuture(new NotSent("the log must not be used any more"));
        }
        var result = new CompletableFuture<Publication>();
        var sending = new Sending(Thread.currentThread(), System.nanoTime(), clock.millis());
        Span span = tracing.begin("log append", SpanKind.PRODUCER, command.requestId(), command.couponId());
        ProducerRecord<byte[], byte[]> record = Topics.COMMANDS.record(command,
                partitionOf.applyAsInt(command.couponId()));
        WriterVersion.addTo(record.headers());
        Tracing.addTo(record.headers(), span);
        try {
            producer.send(record, (metadata, failure) -> {
                Publication publication = publication(metadata, failure, sending.caller);
                try {
                    if (publication instanceof Appended) {
                        acknowledged(metadata, sending);
                    }
                } finally {
                    result.complete(publication);
                }
                // After the result: neither a slow log nor an error in a report may keep the caller waiting.
                report(command, publication, span, record);
            });
        } catch (KafkaException | IllegalStateException e) {
            var notSent = new NotSent(e.toString());
            result.complete(notSent);
            report(command, notSent, span, record);
        }
        return result;
    }

    /** Who called {@link #publish}, and when by the two clocks. */
    private record Sending(Thread caller, long nanos, long millis) {}

    /**
     * The caller gets no reason for a failure: the log line has it, under the id that the caller knows. Only the first
     * failure since the last success is a WARN, because an outage fails each claim.
     */
    private void report(CouponCommand command, Publication publication, Span span,
            ProducerRecord<byte[], byte[]> record) {
        String failure = switch (publication) {
            case Appended(long offset, _) -> {
                if (span.isRecording()) {
                    span.setAttribute("messaging.destination.partition.id", String.valueOf(record.partition()))
                            .setAttribute("messaging.kafka.offset", offset);
                }
                yield null;
            }
            case Unknown(var cause) -> "the log may have the command: " + cause;
            case NotSent(var cause) -> "the log does not have the command: " + cause;
        };
        if (failure == null) {
            // The read keeps the path of each claim free of writes to a shared field.
            if (failing.get()) {
                failing.set(false);
            }
        } else {
            span.setStatus(StatusCode.ERROR, failure);
            Level level = failing.getAndSet(true) ? Level.DEBUG : Level.WARN;
            LogFields.ofTrace(LOG.atLevel(level), record.headers())
                    .addKeyValue(LogFields.REQUEST_ID, command.requestId())
                    .addKeyValue(LogFields.COUPON_ID, command.couponId()).log(failure);
        }
        span.end();
    }

    /**
     * The producer reports a record that it did not take into its buffer within {@code send}, on the caller's thread:
     * the log does not have that record. What the producer's own thread reports was sent or may have been, so that
     * after any failure the log may have the record.
     */
    private static Publication publication(RecordMetadata metadata, Exception failure, Thread caller) {
        if (failure == null) {
            return new Appended(metadata.offset(), Instant.ofEpochMilli(metadata.timestamp()));
        }
        return Thread.currentThread() == caller
                ? new NotSent(failure.toString())
                : new Unknown(failure.toString());
    }

    private void acknowledged(RecordMetadata metadata, Sending sending) {
        appends.record(System.nanoTime() - sending.nanos, TimeUnit.NANOSECONDS);
        if (metadata.hasTimestamp()) {
            clockOffset.acknowledged(metadata.partition(), sending.millis, clock.millis(),
                    metadata.timestamp());
        }
        if (metadata.hasOffset()) {
            ownAppends.add(metadata.partition(), metadata.offset());
        }
    }

    /** Whether the producer knows the partitions of the topic, so that commands can be sent at once. */
    public boolean isConnected() {
        return connected;
    }

    /**
     * By how much this host's clock differs from a broker's at least, as the acknowledgements prove; zero before the
     * first one.
     */
    public Duration clockDifference() {
        return clockOffset.certain();
    }

    /** Why the producer will never connect; empty while it connects and afterwards. For liveness. */
    public Optional<String> problem() {
        return connector.problem();
    }

    /** Sends the buffered commands, then closes. */
    @Override
    public void close() {
        connector.close();
        producer.close(CLOSE_TIMEOUT);
    }
}

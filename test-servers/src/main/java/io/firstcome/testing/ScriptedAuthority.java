package io.firstcome.testing;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.locks.ReentrantLock;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

import io.firstcome.contract.CouponOutcome;
import io.firstcome.contract.CouponState;
import io.firstcome.contract.Topic;
import io.firstcome.contract.Topics;
import io.firstcome.kit.settings.KafkaSettings;
import io.firstcome.testkit.evidence.LoggedCommand;
import io.firstcome.testkit.replay.ReferenceAuthority;

/**
 * The reference authority on the real topics: it decides every command that is appended from now on, and serves the
 * holders of its coupons over HTTP as the real authority does. A test can hold it, to observe the other
 * components before the decision.
 */
public final class ScriptedAuthority implements AutoCloseable {

    private final ReferenceAuthority reference = new ReferenceAuthority();
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final LogWriter log;
    private final ReentrantLock mayDecide = new ReentrantLock();
    private final HolderPages holders = new HolderPages();
    private final Thread thread;

    public ScriptedAuthority(KafkaSettings kafka) {
        log = new LogWriter(kafka);
        Properties properties = kafka.client();
        consumer = new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        List<TopicPartition> partitions = consumer.partitionsFor(Topics.COMMANDS.name()).stream()
                .map(info -> new TopicPartition(info.topic(), info.partition())).toList();
        consumer.assign(partitions);
        consumer.seekToEnd(partitions);
        partitions.forEach(consumer::position);
        thread = Thread.ofPlatform().name("scripted-authority").start(this::run);
    }

    /** The base URL of its query port. */
    public String url() {
        return holders.url();
    }

    /** Stops deciding until the same thread calls {@link #resume}. */
    public void hold() {
        mayDecide.lock();
    }

    public void resume() {
        mayDecide.unlock();
    }

    private void run() {
        try (consumer; log) {
            while (true) {
                consumer.poll(Duration.ofMillis(50)).forEach(this::decide);
            }
        } catch (WakeupException e) {
            // close() was called.
        }
    }

    private void decide(ConsumerRecord<byte[], byte[]> record) {
        mayDecide.lock();
        try {
            var command = new LoggedCommand(record.partition(), record.offset(),
                    Instant.ofEpochMilli(record.timestamp()),
                    Topic.couponIdOf(record.key()), Topics.COMMANDS.decode(record.value()));
            CouponOutcome outcome = reference.decide(command).orElseThrow();
            Optional<CouponState> state = reference.stateOf(outcome.couponId());
            state.ifPresent(it -> holders.add(outcome));
            log.write(outcome);
            state.ifPresent(log::write);
        } finally {
            mayDecide.unlock();
        }
    }

    @Override
    public void close() {
        consumer.wakeup();
        holders.close();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

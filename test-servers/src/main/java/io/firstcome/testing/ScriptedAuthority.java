package io.firstcome.testing;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.locks.ReentrantLock;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

import io.firstcome.contract.CouponId;
import io.firstcome.contract.CouponOutcome;
import io.firstcome.contract.CouponOutcome.CouponIssued;
import io.firstcome.contract.Topic;
import io.firstcome.contract.Topics;
import io.firstcome.kit.settings.KafkaSettings;
import io.firstcome.testkit.evidence.LoggedCommand;
import io.firstcome.testkit.replay.ReferenceAuthority;

/**
 * Runs the reference authority on the real topics, for commands that are appended from now on. A test can hold it, to
 * observe the other components before the decision.
 */
public final class ScriptedAuthority implements AutoCloseable {

    private final ReferenceAuthority reference = new ReferenceAuthority();
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final LogWriter log;
    private final Map<CouponId, SortedMap<String, CouponIssued>> holders = new ConcurrentHashMap<>();
    private final ReentrantLock mayDecide = new ReentrantLock();
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

    /** Stops deciding until the same thread calls {@link #resume}. */
    public void hold() {
        mayDecide.lock();
    }

    public void resume() {
        mayDecide.unlock();
    }

    /** The holders of a coupon, in the order of their user ids; empty when nothing was issued. */
    public Collection<CouponIssued> holders(CouponId couponId) {
        return holders.getOrDefault(couponId, Collections.emptySortedMap()).values();
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
            if (outcome instanceof CouponIssued issued) {
                holders.computeIfAbsent(issued.couponId(), _ -> new ConcurrentSkipListMap<>())
                        .put(issued.userId().value(), issued);
            }
            log.write(outcome);
            reference.stateOf(outcome.couponId()).ifPresent(log::write);
        } finally {
            mayDecide.unlock();
        }
    }

    @Override
    public void close() {
        consumer.wakeup();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

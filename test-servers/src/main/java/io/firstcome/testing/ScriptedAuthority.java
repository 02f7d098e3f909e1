package io.firstcome.testing;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

import io.firstcome.contract.CouponOutcome;
import io.firstcome.contract.CouponState;
import io.firstcome.contract.id.CouponId;
import io.firstcome.contract.topic.Topic;
import io.firstcome.contract.topic.Topics;
import io.firstcome.kit.settings.KafkaSettings;
import io.firstcome.testkit.log.LoggedCommand;
import io.firstcome.testkit.replay.ReferenceAuthority;

/**
 * The reference authority on the real topics: it decides every command that is appended from now on, and serves the
 * holders and the stock of its coupons over HTTP as the real authority does. A test can hold one coupon, to observe the
 * other components before the decision; the coupons of other tests are decided meanwhile.
 */
public final class ScriptedAuthority implements AutoCloseable {

    private final ReferenceAuthority reference = new ReferenceAuthority();
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final LogWriter log;
    /** The undecided records of the coupons that tests hold; guarded by this object, as the reference is. */
    private final Map<CouponId, List<ConsumerRecord<byte[], byte[]>>> held = new HashMap<>();
    private final HolderPageServer holders = new HolderPageServer();
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

    /** Stops deciding about a coupon until {@link #resume}. */
    public synchronized void hold(String couponId) {
        if (held.put(new CouponId(couponId), new ArrayList<>()) != null) {
            throw new IllegalStateException("Coupon " + couponId + " is held already.");
        }
    }

    /** Decides what came in while the coupon was held, and goes on. */
    public synchronized void resume(String couponId) {
        held.remove(new CouponId(couponId)).forEach(this::decide);
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

    private synchronized void decide(ConsumerRecord<byte[], byte[]> record) {
        CouponId couponId = Topic.couponIdOf(record.key());
        if (held.containsKey(couponId)) {
            held.get(couponId).add(record);
            return;
        }
        var command = new LoggedCommand(record.partition(), record.offset(), Instant.ofEpochMilli(record.timestamp()),
                couponId, Topics.COMMANDS.decode(record.value()));
        CouponOutcome outcome = reference.decide(command).orElseThrow();
        Optional<CouponState> state = reference.stateOf(outcome.couponId());
        state.ifPresent(it -> holders.add(outcome, it));
        log.send(outcome, state);
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

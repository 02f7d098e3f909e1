package io.firstcome.ingress.projection;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.firstcome.contract.ContractViolation;
import io.firstcome.contract.Topics;
import io.firstcome.ingress.admission.GateSettings;
import io.firstcome.ingress.admission.RedisSettings;
import io.firstcome.ingress.kafka.KafkaClients;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import redis.clients.jedis.exceptions.JedisException;

/**
 * Folds outcomes and states into the gate; the ingresses that share a Redis share the
 * partitions. How far each partition has
 * been projected stands in Redis beside the projection itself and is moved on by compare-and-set after the writes, so
 * that whatever Redis loses, it loses both. Then, as after every assignment and every trouble, the partitions are placed
 * anew where Redis says they stand, at the beginning if it says nothing.
 */
public final class GateProjector implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(GateProjector.class);
    private static final Duration IDLE = Duration.ofMillis(250);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final GateWriter gate;
    private final RedisSettings redis;
    private final MeterRegistry meters;
    private final Thread thread;
    /** Where Redis says the placed partitions stand; a placed partition without a value stands nowhere yet. */
    private final Map<TopicPartition, Long> offsets = new HashMap<>();
    private final Set<TopicPartition> placed = new HashSet<>();
    private final Set<TopicPartition> unplaced = new HashSet<>();
    private int failures;
    private volatile long lag;
    private volatile boolean stopping;

    /** Starts at once; Redis need not be there. */
    public GateProjector(KafkaClients clients, RedisSettings redis, GateSettings settings, ProjectedLog log,
            MeterRegistry meters) {
        this.consumer = clients.consumer("gate-projector", Map.of(ConsumerConfig.GROUP_ID_CONFIG, settings.group(),
                ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, 10_000, ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, 3000));
        this.gate = new GateWriter(redis, log, settings.keep());
        this.redis = redis;
        this.meters = meters;
        Gauge.builder("firstcome.projector.lag", () -> lag).baseUnit("records").register(meters);
        this.thread = Thread.ofPlatform().name("gate-projector").start(this::run);
    }

    private void run() {
        try (consumer; gate) {
            consumer.subscribe(List.of(Topics.OUTCOMES.name(), Topics.STATES.name()), new Placing());
            while (!stopping) {
                step();
            }
        } catch (WakeupException e) {
            LOG.debug("told to stop projecting");
        }
    }

    private void step() {
        try {
            pauseAfterFailure();
            place();
            project(consumer.poll(IDLE));
            recovered();
        } catch (WakeupException e) {
            throw e;
        } catch (JedisException e) {
            gate.reconnect();
            trouble(e);
        } catch (RuntimeException e) {
            trouble(e);
        }
    }

    /** Polling goes on while Redis is away, or the group would take the partitions from us. */
    private void pauseAfterFailure() {
        if (failures > 0) {
            consumer.poll(pause());
        }
    }

    private void place() {
        if (unplaced.isEmpty()) {
            return;
        }
        Map<TopicPartition, Long> stored = gate.offsets(unplaced);
        unplaced.forEach(partition -> seek(partition, stored.get(partition)));
        offsets.putAll(stored);
        placed.addAll(unplaced);
        consumer.resume(unplaced);
        unplaced.clear();
    }

    private void seek(TopicPartition partition, Long offset) {
        if (offset == null) {
            meters.counter("firstcome.projector.rebuilds").increment();
            consumer.seekToBeginning(List.of(partition));
        } else {
            consumer.seek(partition, offset);
        }
    }

    private void project(ConsumerRecords<byte[], byte[]> records) {
        if (placed.isEmpty()) {
            return;
        }
        if (!records.isEmpty()) {
            gate.write(GateBatch.of(records, this::unreadable));
        }
        Map<TopicPartition, Long> next = new HashMap<>(offsets);
        records.nextOffsets().forEach((partition, offset) -> next.put(partition, offset.offset()));
        if (gate.advance(offsets, next)) {
            offsets.putAll(next);
            lag = placed.stream().mapToLong(partition -> consumer.currentLag(partition).orElse(0)).sum();
        } else {
            LOG.info("the gate does not stand where it was left; placing {} anew", placed);
            displace();
        }
    }

    private void unreadable(ConsumerRecord<byte[], byte[]> record, ContractViolation why) {
        meters.counter("firstcome.projector.unreadable").increment();
        LOG.error("{}-{}@{} means nothing to the gate: {}", record.topic(), record.partition(), record.offset(),
                why.getMessage());
    }

    private void trouble(RuntimeException e) {
        if (failures++ == 0) {
            LOG.warn("the gate at {} cannot be written, trying on", redis.address(), e);
        }
        meters.counter("firstcome.projector.failures").increment();
        displace();
    }

    private Duration pause() {
        Duration pause = Duration.ofMillis(50L << Math.min(failures, 10));
        return pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
    }

    private void recovered() {
        if (failures > 0 && unplaced.isEmpty()) {
            LOG.info("the gate at {} can be written again", redis.address());
            failures = 0;
        }
    }

    private void displace() {
        offsets.clear();
        placed.clear();
        unplaced.addAll(consumer.assignment());
        consumer.pause(unplaced);
    }

    /** Leaves the group, so that another ingress takes over at once. */
    @Override
    public void close() {
        stopping = true;
        consumer.wakeup();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Called from within poll, on the projector's own thread. Nothing is fetched before it is placed. */
    private final class Placing implements ConsumerRebalanceListener {
        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            unplaced.addAll(partitions);
            consumer.pause(partitions);
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            unplaced.removeAll(partitions);
            placed.removeAll(partitions);
            offsets.keySet().removeAll(partitions);
        }
    }
}

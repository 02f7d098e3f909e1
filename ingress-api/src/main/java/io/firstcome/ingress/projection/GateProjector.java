package io.firstcome.ingress.projection;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import org.apache.kafka.clients.consumer.ConsumerConfig;
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
    private final Placement placement;
    private final GateWriter gate;
    private final RedisSettings redis;
    private final MeterRegistry meters;
    private final Thread thread;
    private int failures;
    private volatile long lag;
    private volatile boolean stopping;

    /** Starts at once; Redis need not be there. */
    public GateProjector(KafkaClients clients, RedisSettings redis, GateSettings settings, ProjectedLog log,
            MeterRegistry meters) {
        this.consumer = clients.consumer("gate-projector", Map.of(ConsumerConfig.GROUP_ID_CONFIG, settings.group(),
                ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, 10_000, ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, 3000));
        this.gate = new GateWriter(redis, log, settings.keep());
        this.placement = new Placement(consumer, meters.counter("firstcome.projector.rebuilds"));
        this.redis = redis;
        this.meters = meters;
        Gauge.builder("firstcome.projector.lag", () -> lag).baseUnit("records").register(meters);
        this.thread = Thread.ofPlatform().name("gate-projector").start(this::run);
    }

    private void run() {
        try (consumer; gate) {
            consumer.subscribe(List.of(Topics.OUTCOMES.name(), Topics.STATES.name()), placement);
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
        if (placement.isDue()) {
            placement.place(gate.offsets(placement.due()));
        }
    }

    private void project(ConsumerRecords<byte[], byte[]> records) {
        if (!records.isEmpty()) {
            gate.write(GateBatch.of(records, this::unreadable));
        }
        Map<TopicPartition, Long> next = placement.after(records);
        if (gate.advance(placement.offsets(), next)) {
            placement.moveTo(next);
            lag = placement.lag();
        } else {
            LOG.info("the gate does not stand where it was left: reading on from where it stands");
            placement.displace();
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
        placement.displace();
    }

    private Duration pause() {
        Duration pause = Duration.ofMillis(50L << Math.min(failures, 10));
        return pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
    }

    private void recovered() {
        if (failures > 0 && !placement.isDue()) {
            LOG.info("the gate at {} can be written again", redis.address());
            failures = 0;
        }
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
}

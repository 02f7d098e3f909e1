package io.firstcome.gate.projection;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

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
import io.firstcome.gate.GateSettings;
import io.firstcome.gate.redis.RedisSettings;
import io.firstcome.kit.kafka.KafkaClients;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

/**
 * Folds outcomes and states into the gate; the ingresses that share a Redis share the partitions. How far each partition
 * has been projected stands in Redis beside the projection itself and is moved on by compare-and-set after the writes, so
 * that whatever Redis loses, it loses both. Then, as after every assignment and every trouble, the partitions are placed
 * anew where Redis says they stand, at the beginning if it says nothing.
 */
public final class GateProjector implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(GateProjector.class);
    private static final List<String> SUBSCRIBED = List.of(Topics.OUTCOMES.name(), Topics.STATES.name());
    private static final Duration IDLE = Duration.ofMillis(250);
    /** Longer than Redis can keep a step waiting, for a connection, a greeting and an answer. */
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(10);

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final PartitionPositions placement;
    private final GateWriter gate;
    private final RetainedCoupons coupons;
    private final MeterRegistry meters;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final RetryBackoff setbacks;
    private final Thread thread;
    private volatile long lag;

    /** Starts at once; Redis need not be there. */
    public GateProjector(KafkaClients clients, RedisSettings redis, GateSettings settings, LogIdentity log,
            RetainedCoupons coupons, MeterRegistry meters) {
        this.coupons = coupons;
        this.consumer = clients.consumer("gate-projector", Map.of(ConsumerConfig.GROUP_ID_CONFIG, settings.group(),
                ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, 10_000, ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, 3000));
        this.gate = new GateWriter(redis, log, settings.keep());
        this.placement = new PartitionPositions(consumer, meters.counter("firstcome.gate.projector.rebuilds"));
        this.setbacks = new RetryBackoff(redis.address(), meters.counter("firstcome.gate.projector.failures"), stopped);
        this.meters = meters;
        Gauge.builder("firstcome.gate.projector.lag", () -> lag).baseUnit("records").register(meters);
        this.thread = Thread.ofPlatform().name("gate-projector").start(this::run);
    }

    private void run() {
        try (consumer; gate) {
            consumer.subscribe(SUBSCRIBED, placement);
            while (stopped.getCount() > 0) {
                step();
            }
        } catch (WakeupException e) {
            LOG.debug("told to stop projecting");
        }
    }

    /** Whatever befalls one step, an error of the machine too, the next is taken: nobody else would. */
    private void step() {
        try {
            pauseAfterFailure();
            place();
            project(consumer.poll(IDLE));
            recovered();
        } catch (WakeupException e) {
            throw e;
        } catch (Throwable e) {
            trouble(e);
        }
    }

    /**
     * Polling goes on while Redis is away, or the group would take the partitions from us. It is not what we wait in: it may
     * itself be what fails, and at once.
     */
    private void pauseAfterFailure() {
        if (setbacks.isAny()) {
            setbacks.pause();
            gate.reconnect();
            consumer.poll(Duration.ZERO);
        }
    }

    private void place() {
        if (placement.isDue()) {
            placement.place(gate);
        }
    }

    private void project(ConsumerRecords<byte[], byte[]> records) {
        ProjectionBatch batch = ProjectionBatch.of(records, this::unreadable);
        batch.omitDecisions(coupons::isOver);
        gate.write(batch);
        advance(records);
    }

    private void advance(ConsumerRecords<byte[], byte[]> records) {
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
        meters.counter("firstcome.gate.projector.records.invalid").increment();
        LOG.error("{}-{}@{} means nothing to the gate: {}", record.topic(), record.partition(), record.offset(),
                why.getMessage());
    }

    private void trouble(Throwable e) {
        setbacks.add(e);
        placement.displace();
    }

    private void recovered() {
        if (setbacks.isAny() && !placement.isDue()) {
            setbacks.over();
        }
    }

    /** Whether it still projects, or tries to; only a restart brings back one that does not. */
    public boolean isAlive() {
        return thread.isAlive();
    }

    /** Leaves the group, so that another ingress takes over at once. What hangs is left behind after a while. */
    @Override
    public void close() {
        stopped.countDown();
        consumer.wakeup();
        try {
            if (!thread.join(STOP_PATIENCE)) {
                LOG.warn("the projector has not ended within {} and is left behind", STOP_PATIENCE);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

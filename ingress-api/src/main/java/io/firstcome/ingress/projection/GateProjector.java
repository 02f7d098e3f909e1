package io.firstcome.ingress.projection;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;

import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.firstcome.contract.ContractViolation;
import io.firstcome.contract.CouponId;
import io.firstcome.contract.Topics;
import io.firstcome.ingress.admission.GateSettings;
import io.firstcome.ingress.admission.RedisSettings;
import io.firstcome.ingress.kafka.KafkaClients;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import redis.clients.jedis.exceptions.JedisDataException;

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
    private static final Duration BETWEEN_STEPS = Duration.ofMillis(5);
    /** Longer than Redis can keep a step waiting, for a connection, a greeting and an answer. */
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(10);

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Placement placement;
    private final GateWriter gate;
    private final KafkaClients clients;
    private final KeptCoupons coupons;
    private final GateSweep sweep;
    private final MeterRegistry meters;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final Setbacks setbacks;
    private final Thread thread;
    private volatile long lag;

    /** Starts at once; Redis need not be there. */
    public GateProjector(KafkaClients clients, RedisSettings redis, GateSettings settings, ProjectedLog log,
            KeptCoupons coupons, MeterRegistry meters) {
        this.clients = clients;
        this.coupons = coupons;
        this.consumer = clients.consumer("gate-projector", Map.of(ConsumerConfig.GROUP_ID_CONFIG, settings.group(),
                ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, 10_000, ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, 3000));
        this.gate = new GateWriter(redis, log, settings.keep());
        this.placement = new Placement(consumer, meters.counter("firstcome.projector.rebuilds"));
        this.sweep = new GateSweep(coupons, gate.inspector(), settings.sweep(), System::nanoTime,
                meters.counter("firstcome.projector.repairs"));
        this.setbacks = new Setbacks(redis.address(), meters.counter("firstcome.projector.failures"), stopped);
        this.meters = meters;
        Gauge.builder("firstcome.projector.lag", () -> lag).baseUnit("records").register(meters);
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
            project(consumer.poll(sweep.isUnderWay() ? BETWEEN_STEPS : IDLE));
            recovered();
            sweep();
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
            sweep.reset();
            placement.place(gate);
        }
    }

    private void project(ConsumerRecords<byte[], byte[]> records) {
        GateBatch batch = GateBatch.of(records, this::unreadable);
        batch.omitDecisions(coupons::isOver);
        try {
            gate.write(batch);
            advance(records);
        } catch (JedisDataException e) {
            Set<CouponId> damaged = sweep.damaged(batch.coupons());
            if (damaged.isEmpty()) {
                throw e;
            }
            repair(damaged);
        }
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

    /** Between two polls, and never while a rush is on: then there is something to catch up with. */
    private void sweep() {
        if (placement.isCaughtUp()) {
            Set<CouponId> broken = sweep.step(coupon -> placement.isAssigned(partitionsOf(coupon)));
            if (!broken.isEmpty()) {
                repair(broken);
            }
        }
    }

    /** Whatever ends it halfway, nothing is removed that will not be projected anew. */
    private void repair(Set<CouponId> broken) {
        gate.forget(broken.stream().flatMap(coupon -> partitionsOf(coupon).stream()).collect(Collectors.toSet()));
        sweep.remove();
        placement.displace();
    }

    private List<TopicPartition> partitionsOf(CouponId coupon) {
        int partition = clients.partitionOf(coupon);
        return SUBSCRIBED.stream().map(topic -> new TopicPartition(topic, partition)).toList();
    }

    private void unreadable(ConsumerRecord<byte[], byte[]> record, ContractViolation why) {
        meters.counter("firstcome.projector.unreadable").increment();
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

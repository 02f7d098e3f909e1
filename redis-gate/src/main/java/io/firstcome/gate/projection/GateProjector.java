package io.firstcome.gate.projection;

import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.firstcome.contract.ContractViolation;
import io.firstcome.contract.CouponId;
import io.firstcome.contract.CouponState;
import io.firstcome.contract.Topics;
import io.firstcome.gate.GateMeter;
import io.firstcome.gate.GateSettings;
import io.firstcome.gate.redis.RedisSettings;
import io.firstcome.kit.kafka.KafkaClients;
import io.firstcome.kit.loop.Backoff;
import io.firstcome.kit.loop.ServiceLoop;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/**
 * Keeps the gate in step with the log; the ingresses that share a Redis share the partitions. Outcomes and states are
 * followed and written to Redis. The position of each partition is stored in Redis beside the projection, and moved by
 * compare-and-set after the writes, so that Redis can only lose both together. Where Redis knows no position, the partition
 * is followed from its end, and the open coupons of that partition are filled from the authority. An open coupon that the
 * gate cannot judge for a while is filled in the same way.
 */
public final class GateProjector implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(GateProjector.class);
    private static final List<String> SUBSCRIBED = List.of(Topics.OUTCOMES.name(), Topics.STATES.name());
    private static final Duration IDLE = Duration.ofMillis(250);
    private static final Duration BUSY = Duration.ofMillis(2);
    private static final Backoff BACKOFF = Backoff.exponential(Duration.ofMillis(100), Duration.ofSeconds(2));
    /** Longer than Redis can delay a step: a connection, a greeting and an answer may each take the timeout. */
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);

    private final KafkaClients clients;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final PartitionPositions positions;
    private final GateWriter gate;
    private final OpenCoupons coupons;
    private final GateFiller filler;
    private final ColdCoupons cold;
    private final Counter invalid;
    private final ServiceLoop loop;
    /** Partitions whose open coupons must be filled once the coupon directory is current. */
    private final Set<Integer> lost = new HashSet<>();
    private volatile long lag;

    /** Starts at once; neither Redis nor the authority need be there. */
    public GateProjector(KafkaClients clients, RedisSettings redis, GateSettings settings, LogIdentity log,
            OpenCoupons coupons, HolderSource source, MeterRegistry meters) {
        this.clients = clients;
        this.coupons = coupons;
        this.consumer = clients.consumer("gate-projector", Map.of(ConsumerConfig.GROUP_ID_CONFIG, settings.group(),
                ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, 10_000, ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, 3000));
        this.gate = new GateWriter(redis, log, settings.keep());
        this.positions = new PartitionPositions(consumer);
        this.filler = new GateFiller(gate, coupons, source, meters);
        this.cold = new ColdCoupons(gate, settings.coldFillAfter(), System::nanoTime);
        this.invalid = GateMeter.INVALID.counter(meters);
        GateMeter.LAG.gauge(meters, () -> lag);
        GateMeter.COLD_COUPONS.gauge(meters, cold::count);
        consumer.subscribe(SUBSCRIBED, positions);
        this.loop = ServiceLoop.named("gate-projector", this::step, meters).retry(BACKOFF)
                .onFailure(_ -> startAnew()).onClose(consumer::wakeup).onEnd(this::closeClients)
                .closeTimeout(CLOSE_TIMEOUT).build();
        loop.start();
    }

    /** The poll comes first: a member of the group that does not poll while Redis is away would lose its partitions. */
    private void step() {
        project(consumer.poll(positions.isDue() || cold.isInPass() ? BUSY : filler.pollTimeout(IDLE)));
        if (positions.isDue()) {
            place();
        }
        if (!positions.isDue() && !consumer.assignment().isEmpty() && coupons.isCurrent()) {
            fillWhatIsCold();
            filler.step();
        }
    }

    private void place() {
        positions.place(gate).forEach(partition -> {
            LOG.info("Redis knows no position of {}: following it from its end and filling its open coupons", partition);
            lost.add(partition.partition());
        });
    }

    private void project(ConsumerRecords<byte[], byte[]> records) {
        ProjectionBatch batch = ProjectionBatch.of(records, this::unreadable);
        batch.omitDecisions(coupons::isRetentionOver);
        gate.write(batch);
        Map<TopicPartition, Long> next = positions.after(records);
        if (gate.advance(positions.stored(), next)) {
            positions.moveTo(next);
            lag = positions.lag();
        } else {
            LOG.info("Redis does not have the positions that were stored last: reading them again");
            positions.displace();
        }
    }

    private void unreadable(ConsumerRecord<byte[], byte[]> record, ContractViolation why) {
        invalid.increment();
        LOG.error("{}-{}@{} cannot be decoded and is skipped: {}", record.topic(), record.partition(), record.offset(),
                why.getMessage());
    }

    private void fillWhatIsCold() {
        filler.retain(this::isProjectedHere);
        if (!lost.isEmpty()) {
            filler.fill(openCoupons().stream().map(CouponState::couponId)
                    .filter(couponId -> lost.contains(clients.partitionOf(couponId))).toList());
            lost.clear();
        }
        if (cold.isDue()) {
            if (!cold.isInPass()) {
                cold.beginPass(openCoupons());
            }
            Collection<CouponId> found = cold.check(positions.isCaughtUp(), filler::isFilling);
            if (!found.isEmpty()) {
                LOG.info("the gate cannot judge {} open coupons, such as {}: filling them from the authority",
                        found.size(), found.iterator().next());
                filler.fill(found);
            }
        }
    }

    private List<CouponState> openCoupons() {
        return coupons.all().filter(state -> isProjectedHere(state.couponId())).toList();
    }

    /** The outcomes and the states of a coupon have the same partition number, and the same consumer reads both. */
    private boolean isProjectedHere(CouponId couponId) {
        return positions.isFollowed(new TopicPartition(Topics.OUTCOMES.name(), clients.partitionOf(couponId)));
    }

    /** After a failure it is not known what was written, nor whether the connections lead to a live server. */
    private void startAnew() {
        positions.displace();
        gate.reconnect();
    }

    private void closeClients() {
        try (consumer; gate) {
            LOG.debug("the projector leaves its group");
        }
    }

    /** Why nothing is projected any more; only a restart helps. Empty while the projector runs or retries. */
    public Optional<String> problem() {
        return loop.problem();
    }

    /** Leaves the group, so that another ingress takes over at once. */
    @Override
    public void close() {
        loop.close();
    }
}

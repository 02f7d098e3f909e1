package io.firstcome.gate.projection;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.firstcome.contract.CouponState;
import io.firstcome.contract.id.CouponId;
import io.firstcome.contract.json.ContractViolation;
import io.firstcome.contract.topic.Topics;
import io.firstcome.kit.consumer.PollResult;
import io.firstcome.kit.consumer.PolledRecords;
import io.firstcome.kit.consumer.PositionInLog;
import io.firstcome.kit.consumer.PositionedStore;
import io.firstcome.kit.consumer.StartPosition;
import io.firstcome.kit.consumer.StoreUnavailable;
import io.firstcome.kit.logging.LogFields;
import io.micrometer.core.instrument.Counter;
import redis.clients.jedis.exceptions.JedisException;

/**
 * The gate as the store of the projector's consumer. The positions are in Redis beside the projection and are moved
 * after the writes, so that Redis can only lose both together. Between polls the store fills open coupons that Redis
 * lost.
 *
 * <p>The instance that reads partition p of the outcomes fills the coupons of partition p, also when another instance
 * reads the same partition of the states: all writes may be repeated and may come in any order.
 */
final class GateStore implements PositionedStore {

    private static final Logger LOG = LoggerFactory.getLogger(GateStore.class);
    private static final Duration BUSY = Duration.ofMillis(2);

    private final GateWriter gate;
    private final OpenCoupons coupons;
    private final GateFiller filler;
    private final ColdCoupons cold;
    private final ToIntFunction<CouponId> partitionOf;
    private final Counter invalid;
    /** Partitions whose open coupons must be filled, and when Redis had no usable position of them. */
    private final Map<Integer, Long> lost = new HashMap<>();
    /** Partitions of the outcomes that this instance reads. */
    private Set<Integer> outcomePartitions = Set.of();
    private boolean pollMayWait;
    private boolean caughtUp;

    /**
     * @param partitionOf on which partition of every topic the records of a coupon are
     * @param invalid counts records that cannot be decoded
     */
    GateStore(GateWriter gate, OpenCoupons coupons, GateFiller filler, ColdCoupons cold,
            ToIntFunction<CouponId> partitionOf, Counter invalid) {
        this.gate = gate;
        this.coupons = coupons;
        this.filler = filler;
        this.cold = cold;
        this.partitionOf = partitionOf;
        this.invalid = invalid;
    }

    @Override
    public Map<TopicPartition, Long> positions(Collection<TopicPartition> partitions) {
        return withRedis(() -> gate.positions(partitions));
    }

    /**
     * A partition without a usable position in Redis is followed from its committed end: what came before is filled
     * from the authority. The position is stored before any record is read, so that a second loss of Redis is noticed.
     */
    @Override
    public Map<TopicPartition, StartPosition> startPositions(Map<TopicPartition, PositionInLog> positions) {
        Map<TopicPartition, Long> stored = new HashMap<>();
        Map<TopicPartition, Long> fromEnd = new HashMap<>();
        Map<TopicPartition, StartPosition> starts = new HashMap<>();
        positions.forEach((partition, position) -> {
            position.stored().ifPresent(offset -> stored.put(partition, offset));
            long start = position.stored().orElse(-1);
            if (start < position.beginning() || start > position.end()) {
                start = position.end();
                fromEnd.put(partition, start);
            }
            starts.put(partition, new StartPosition.At(start));
        });
        if (!withRedis(() -> gate.advance(stored, fromEnd))) {
            throw new StoreUnavailable("another process stored positions in Redis at the same time", null);
        }
        if (!fromEnd.isEmpty()) {
            LOG.info("Redis has no usable positions of {}: their open coupons are filled from the authority",
                    fromEnd.keySet());
            long now = System.nanoTime();
            fromEnd.keySet().forEach(partition -> lost.put(partition.partition(), now));
            // Fills that wait were found before this loss, so the state that they would write may be too old.
            filler.retain(couponId -> !lost.containsKey(partitionOf.applyAsInt(couponId)));
        }
        // The poll that follows does not wait, so its empty result does not show that everything has been read.
        pollMayWait = false;
        return starts;
    }

    /** The positions are compared after every poll, so that a loss of Redis is noticed without records too. */
    @Override
    public PollResult store(PolledRecords poll) {
        outcomePartitions = poll.positions().keySet().stream()
                .filter(partition -> partition.topic().equals(Topics.OUTCOMES.name())).map(TopicPartition::partition)
                .collect(Collectors.toSet());
        if (!poll.partitions().isEmpty()) {
            caughtUp = false;
        } else if (pollMayWait) {
            caughtUp = true;
        }
        var batch = new ProjectionBatch();
        Map<TopicPartition, Long> next = poll.nextPositions();
        Map<TopicPartition, String> stopped = new HashMap<>();
        poll.partitions().forEach(polled -> batch.add(polled.records(), this::unreadable).ifPresent(newer -> {
            next.put(polled.partition(), newer.offset());
            stopped.put(polled.partition(), newer.why());
        }));
        batch.omitDecisions(coupons::isRetentionOver);
        boolean moved = withRedis(() -> {
            gate.write(batch);
            return gate.advance(poll.positions(), next);
        });
        return moved
                ? PollResult.storedExcept(stopped)
                : PollResult.postponed("Redis does not have the positions that were stored");
    }

    private void unreadable(ConsumerRecord<byte[], byte[]> record, ContractViolation why) {
        invalid.increment();
        LogFields.ofRecord(LOG.atError(), record.value(), record.headers()).log(
                "{}-{}@{} cannot be decoded and is skipped: {}", record.topic(), record.partition(), record.offset(),
                why.getMessage());
    }

    @Override
    public Duration betweenPolls(Duration idle) {
        withRedis(() -> {
            fill();
            return true;
        });
        // A partition that is read late can keep its fills waiting for long, so polls do not hurry for it.
        boolean hurries = cold.isInPass() || lost.keySet().stream().anyMatch(coupons::isCurrent);
        Duration timeout = hurries ? BUSY : filler.pollTimeout(idle);
        pollMayWait = timeout.equals(idle);
        return timeout;
    }

    private void fill() {
        filler.retain(this::isFilledHere);
        fillLostPartitions();
        if (cold.isDue()) {
            if (!cold.isInPass()) {
                cold.beginPass(openCoupons());
            }
            List<CouponId> found = cold.check(caughtUp, filler::isFilling);
            if (!found.isEmpty()) {
                LOG.info("the gate cannot judge {} open coupons, such as {}: they are filled from the authority",
                        found.size(), found.getFirst());
                filler.fill(found, System.nanoTime(), false);
            }
        }
        filler.step();
    }

    /**
     * Waits until the coupon directory knows every coupon and state of a partition that was committed when Redis was
     * lost. Other partitions are filled meanwhile.
     */
    private void fillLostPartitions() {
        List<Map.Entry<Integer, Long>> known = lost.entrySet().stream()
                .filter(partition -> coupons.isReadSince(partition.getKey(), partition.getValue()))
                .map(Map.Entry::copyOf).toList();
        known.forEach(partition -> {
            lost.remove(partition.getKey());
            filler.fill(openCoupons().stream().map(CouponState::couponId)
                    .filter(couponId -> partitionOf.applyAsInt(couponId) == partition.getKey()).toList(),
                    partition.getValue(), true);
        });
    }

    private List<CouponState> openCoupons() {
        return coupons.all().filter(state -> isFilledHere(state.couponId())).toList();
    }

    /** Coupons of a node that is left out are found cold when the node is back. */
    private boolean isFilledHere(CouponId couponId) {
        return outcomePartitions.contains(partitionOf.applyAsInt(couponId)) && !gate.isAway(couponId);
    }

    /**
     * Drops the connections after a failure: each would fail once more when a new server has taken the old one's place.
     */
    private <T> T withRedis(Supplier<T> work) {
        try {
            return work.get();
        } catch (JedisException e) {
            gate.reconnect();
            throw new StoreUnavailable("Redis at " + gate.address() + ": " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        gate.close();
    }
}

package io.firstcome.sink.rebuild;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

import io.firstcome.contract.CouponState;
import io.firstcome.contract.id.CouponId;
import io.firstcome.contract.topic.Topic;
import io.firstcome.contract.topic.Topics;
import io.firstcome.kit.kafka.KafkaClients;
import io.firstcome.kit.service.StartFailure;

/** What a rebuild reads in Kafka. */
final class OutcomesLog {

    private static final String TOPIC = Topics.OUTCOMES.name();
    private static final Duration POLL_TIMEOUT = Duration.ofMillis(200);
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final KafkaClients clients;

    OutcomesLog(KafkaClients clients) {
        this.clients = clients;
    }

    /** The first offset that retention has not deleted, and the first one behind the committed records. */
    record Range(long beginning, long end) {}

    String topicId() {
        return clients.topicIds(List.of(TOPIC)).get(TOPIC);
    }

    /** By partition of {@code coupon-outcomes}. */
    Map<Integer, Range> ranges() {
        try (Consumer<byte[], byte[]> consumer = consumer("rebuild-outcomes")) {
            Collection<TopicPartition> partitions = clients.partitionsOf(Topics.OUTCOMES);
            // Kafka's client warns of ends of partitions that it is not assigned to.
            consumer.assign(partitions);
            Map<TopicPartition, Long> beginnings = consumer.beginningOffsets(partitions, TIMEOUT);
            Map<Integer, Range> ranges = new TreeMap<>();
            consumer.endOffsets(partitions, TIMEOUT).forEach((partition, end) -> ranges.put(partition.partition(),
                    new Range(beginnings.get(partition), end)));
            return ranges;
        } catch (KafkaException e) {
            throw unusable(e.getMessage(), e);
        }
    }

    /**
     * The state of each coupon, by id, as it was committed last. Reads to the end of all records, and waits for open
     * transactions: their outcomes may be committed already, because a transaction ends in each partition by itself.
     */
    List<CouponState> states() {
        Map<CouponId, CouponState> states = new TreeMap<>(Comparator.comparing(CouponId::value));
        try (Consumer<byte[], byte[]> consumer = consumer("rebuild-states")) {
            consumer.assign(clients.partitionsOf(Topics.STATES));
            consumer.seekToBeginning(consumer.assignment());
            Map<TopicPartition, Long> ends = endsOfAllRecords(consumer.assignment());
            long position = -1;
            long deadline = System.nanoTime() + TIMEOUT.toNanos();
            while (!ends.entrySet().stream().allMatch(end -> consumer.position(end.getKey()) >= end.getValue())) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL_TIMEOUT)) {
                    CouponId couponId = Topic.couponIdOf(record.key());
                    if (record.value() == null) {
                        states.remove(couponId);
                    } else {
                        states.put(couponId, Topics.STATES.decode(record.value()));
                    }
                }
                long next = ends.keySet().stream().mapToLong(consumer::position).sum();
                deadline = next > position ? System.nanoTime() + TIMEOUT.toNanos() : deadline;
                position = next;
                if (System.nanoTime() > deadline) {
                    throw unusable("coupon-states cannot be read to its end; a transaction may be open", null);
                }
            }
        } catch (KafkaException e) {
            throw unusable(e.getMessage(), e);
        }
        return new ArrayList<>(states.values());
    }

    private Map<TopicPartition, Long> endsOfAllRecords(Collection<TopicPartition> partitions) {
        try (Consumer<byte[], byte[]> uncommitted = clients.consumer("rebuild-ends",
                Map.of(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_uncommitted"))) {
            uncommitted.assign(partitions);
            return uncommitted.endOffsets(partitions, TIMEOUT);
        }
    }

    private Consumer<byte[], byte[]> consumer(String role) {
        return clients.consumer(role, Map.of());
    }

    private static StartFailure unusable(String why, Exception cause) {
        return new StartFailure("Kafka cannot be read: " + why + ". Nothing but rows that are in the log was written;"
                + " run rebuild-database again", cause);
    }
}

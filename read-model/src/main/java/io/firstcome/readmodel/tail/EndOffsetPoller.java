package io.firstcome.readmodel.tail;

import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks Kafka every second up to where the partitions of a topic are committed. Nobody waits for the answers, and each
 * partition has its own: a broker that is silent keeps back nothing of the others.
 */
final class EndOffsetPoller {

    private static final Logger LOG = LoggerFactory.getLogger(EndOffsetPoller.class);
    private static final Duration EVERY = Duration.ofSeconds(1);
    /** Not so short that a busy broker seems dead, not so long that questions to a dead one pile up. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Admin admin;
    private final Map<TopicPartition, OffsetSpec> ends;
    private final CatchUpMonitor freshness;
    private final Set<TopicPartition> silent = ConcurrentHashMap.newKeySet();
    private long lastNanos = System.nanoTime();

    EndOffsetPoller(Admin admin, Collection<TopicPartition> partitions, CatchUpMonitor freshness) {
        this.admin = admin;
        this.ends = partitions.stream().collect(Collectors.toMap(it -> it, it -> OffsetSpec.latest()));
        this.freshness = freshness;
    }

    /** Asks if the last time is long enough ago. By one thread only. */
    void lookIfDue() {
        if (System.nanoTime() - lastNanos >= EVERY.toNanos()) {
            lastNanos = System.nanoTime();
            look();
        }
    }

    private void look() {
        long asked = freshness.asked();
        ListOffsetsResult answers = admin.listOffsets(ends, committed());
        ends.keySet().forEach(partition -> answers.partitionResult(partition).whenComplete((end, failure) -> {
            if (failure == null) {
                heard(partition);
                freshness.answered(partition.partition(), end.offset(), asked);
            } else {
                unheard(partition, failure);
            }
        }));
    }

    private static ListOffsetsOptions committed() {
        return new ListOffsetsOptions(IsolationLevel.READ_COMMITTED).timeoutMs(Math.toIntExact(PATIENCE.toMillis()));
    }

    private void heard(TopicPartition partition) {
        if (silent.remove(partition)) {
            LOG.info("Kafka says again where {} ends", partition);
        }
    }

    private void unheard(TopicPartition partition, Throwable failure) {
        if (silent.add(partition)) {
            LOG.warn("Kafka does not say where {} ends, asking on", partition, failure);
        }
    }
}

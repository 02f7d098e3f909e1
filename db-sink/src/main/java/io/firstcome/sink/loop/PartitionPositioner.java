package io.firstcome.sink.loop;

import java.util.List;
import java.util.Map;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.firstcome.sink.mysql.DatabaseUnavailable;
import io.firstcome.sink.mysql.MySqlWriter;

/** Sets partitions to where MySQL says that they stand, and stops those for which the log has nothing there. */
final class PartitionPositioner {

    private static final Logger LOG = LoggerFactory.getLogger(PartitionPositioner.class);

    private final Consumer<byte[], byte[]> consumer;
    private final MySqlWriter writer;
    private final PartitionStates assignment;

    PartitionPositioner(Consumer<byte[], byte[]> consumer, MySqlWriter writer, PartitionStates assignment) {
        this.consumer = consumer;
        this.writer = writer;
        this.assignment = assignment;
    }

    /**
     * Lets partitions flow.
     *
     * @throws DatabaseUnavailable when MySQL could not be asked; some of them may flow already
     * @throws org.apache.kafka.common.errors.TimeoutException when Kafka could not be asked
     */
    void position(List<TopicPartition> partitions) throws DatabaseUnavailable {
        Map<TopicPartition, Long> beginnings = consumer.beginningOffsets(partitions);
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        for (TopicPartition partition : partitions) {
            long stored = writer.position(partition.topic(), partition.partition());
            position(partition, stored, beginnings.get(partition), ends.get(partition));
        }
    }

    private void position(TopicPartition partition, long stored, long beginning, long end) {
        if (stored < beginning) {
            stop(partition, "records " + stored + " to " + (beginning - 1) + " were deleted before they were stored."
                    + " To go on without them set sink_offsets.next_offset to " + beginning + " and restart the sink");
        } else if (stored > end) {
            stop(partition, "MySQL holds records up to " + stored + " but the log ends at " + end
                    + ": it is not the log that these tables were written from");
        } else {
            consumer.seek(partition, stored);
            assignment.flowing(partition, stored);
            consumer.resume(List.of(partition));
            LOG.info("storing {} from offset {}", partition, stored);
        }
    }

    /** Leaves the partition alone until it is assigned anew; the others go on. */
    void stop(TopicPartition partition, String why) {
        LOG.error("STOPPED {}: {}", partition, why);
        consumer.pause(List.of(partition));
        assignment.stopped(partition, why);
    }

    /** Reads nothing of any partition until it has been set anew. */
    void interrupt() {
        consumer.pause(consumer.assignment());
        assignment.interrupted();
    }
}

package io.firstcome.system;

import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

import io.firstcome.contract.topic.Topics;
import io.firstcome.processor.ProcessorSettings;

/** Reads the authority's committed offsets. They are committed in the transaction that writes the outcomes. */
final class AuthorityProgress implements AutoCloseable {

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Set<TopicPartition> commands;

    AuthorityProgress(String kafka) {
        consumer = RawRecord.consumer(kafka, ProcessorSettings.from(Map.of()).applicationId());
        commands = consumer.partitionsFor(Topics.COMMANDS.name()).stream()
                .map(info -> new TopicPartition(info.topic(), info.partition())).collect(Collectors.toSet());
    }

    /** The number of commands that the authority has decided. */
    long decided() {
        return consumer.committed(commands).values().stream().filter(Objects::nonNull)
                .mapToLong(OffsetAndMetadata::offset).sum();
    }

    /** The offset behind the last command of each partition. */
    Map<TopicPartition, Long> end() {
        return consumer.endOffsets(commands);
    }

    /** Whether the authority has decided all commands before these offsets. Others may append commands meanwhile. */
    boolean hasDecidedUpTo(Map<TopicPartition, Long> offsets) {
        Map<TopicPartition, OffsetAndMetadata> committed = consumer.committed(commands);
        return offsets.entrySet().stream().allMatch(end -> end.getValue() == 0 || committed.get(end.getKey()) != null
                && committed.get(end.getKey()).offset() >= end.getValue());
    }

    @Override
    public void close() {
        consumer.close();
    }
}

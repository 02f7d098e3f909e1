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

    /** Whether the authority has decided all commands in the log. */
    boolean isAtTheEnd() {
        return decided() == consumer.endOffsets(commands).values().stream().mapToLong(Long::longValue).sum();
    }

    @Override
    public void close() {
        consumer.close();
    }
}

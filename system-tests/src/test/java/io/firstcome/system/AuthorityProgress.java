package io.firstcome.system;

import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

import io.firstcome.contract.Topics;
import io.firstcome.processor.ProcessorSettings;

/** How far the authority has come. It commits how far it has read together with what it decided, so no outcome is later. */
final class AuthorityProgress implements AutoCloseable {

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Set<TopicPartition> commands;

    AuthorityProgress(String kafka) {
        consumer = RawRecord.consumer(kafka, ProcessorSettings.from(Map.of()).applicationId());
        commands = consumer.partitionsFor(Topics.COMMANDS.name()).stream()
                .map(info -> new TopicPartition(info.topic(), info.partition())).collect(Collectors.toSet());
    }

    /** How many commands it has decided. */
    long decided() {
        return consumer.committed(commands).values().stream().filter(Objects::nonNull)
                .mapToLong(OffsetAndMetadata::offset).sum();
    }

    /** Whether it has decided all that stand in the log. */
    boolean isAtTheEnd() {
        return decided() == consumer.endOffsets(commands).values().stream().mapToLong(Long::longValue).sum();
    }

    @Override
    public void close() {
        consumer.close();
    }
}

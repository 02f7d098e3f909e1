package io.firstcome.kit.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PartitionRecordsTest {

    private static final TopicPartition PARTITION = new TopicPartition("log", 0);

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 6, 7})
    void shouldCoverTheSameOffsetsInParts(int size) {
        // given
        PartitionRecords whole = everySecondOffset(size);

        // when
        List<PartitionRecords> parts = whole.parts(3);

        // then
        assertThat(parts).hasSize(Math.max(1, (size + 2) / 3)).allMatch(part -> part.records().size() <= 3);
        assertThat(parts.getFirst().from()).isEqualTo(whole.from());
        assertThat(parts.getLast().next()).isEqualTo(whole.next());
        for (int i = 1; i < parts.size(); i++) {
            assertThat(parts.get(i).from()).isEqualTo(parts.get(i - 1).next());
        }
        assertThat(parts.stream().flatMap(part -> part.records().stream()).toList()).isEqualTo(whole.records());
    }

    @Test
    void shouldEndEveryPartBehindItsLastRecord() {
        // when
        List<PartitionRecords> parts = everySecondOffset(4).parts(3);

        // then
        assertThat(parts.getFirst().next()).isEqualTo(15);
    }

    private static PartitionRecords everySecondOffset(int size) {
        return new PartitionRecords(PARTITION, 9, 11 + 2L * size,
                IntStream.range(0, size).mapToObj(i -> new ConsumerRecord<byte[], byte[]>("log", 0, 10 + 2L * i, null,
                        null)).toList());
    }
}

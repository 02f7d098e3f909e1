package io.firstcome.sink.store;

import static io.firstcome.testkit.fixture.CouponFixture.COUPON;
import static io.firstcome.testkit.fixture.CouponFixture.at;
import static io.firstcome.testkit.fixture.OutcomeFixture.issued;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.firstcome.contract.topic.Topic;
import io.firstcome.contract.topic.Topics;
import io.firstcome.sink.store.ReceivedOutcome.Understood;

class PartitionBatchTest {

    private static final TopicPartition PARTITION = new TopicPartition(Topics.OUTCOMES.name(), 3);

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 8, 101})
    void shouldCoverTheSameOffsetsInTwoHalves(int size) {
        // given
        PartitionBatch whole = batchOfEverySecondOffset(size);

        // when
        PartitionBatch first = whole.firstHalf();
        PartitionBatch second = whole.secondHalf();

        // then
        assertThat(first.from()).isEqualTo(whole.from());
        assertThat(second.from()).isEqualTo(first.next());
        assertThat(second.next()).isEqualTo(whole.next());
        assertThat(first.outcomes()).isNotEmpty().allMatch(outcome -> outcome.record().offset() < first.next());
        assertThat(second.outcomes()).isNotEmpty().allMatch(outcome -> outcome.record().offset() >= second.from());
        assertThat(first.outcomes().size() + second.outcomes().size()).isEqualTo(size);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 64})
    void shouldIsolateEveryRecordByHalving(int size) {
        assertThat(singlesOf(batchOfEverySecondOffset(size))).containsExactlyElementsOf(
                LongStream.range(0, size).map(i -> 10 + 2 * i).boxed().toList());
    }

    @Test
    void shouldStillCoverItsOffsetsWhenEmptied() {
        PartitionBatch batch = batchOfEverySecondOffset(1);
        assertThat(batch.emptied().step()).isEqualTo(batch.step());
        assertThat(batch.emptied().batch().isEmpty()).isTrue();
    }

    private static List<Long> singlesOf(PartitionBatch batch) {
        return batch.isSingle()
                ? List.of(batch.onlyRecord().offset())
                : Stream.of(batch.firstHalf(), batch.secondHalf())
                        .flatMap(half -> singlesOf(half).stream()).toList();
    }

    private static PartitionBatch batchOfEverySecondOffset(int size) {
        List<Understood> outcomes = IntStream.range(0, size).mapToObj(i -> outcome(10 + 2 * i)).toList();
        return new PartitionBatch(PARTITION, 9, 11 + 2 * size, outcomes);
    }

    private static Understood outcome(long offset) {
        var issued = issued("r" + offset, "u" + offset, offset, at(1));
        return new Understood(new ConsumerRecord<>(PARTITION.topic(), PARTITION.partition(), offset,
                Topic.key(COUPON), Topics.OUTCOMES.encode(issued)), issued);
    }
}

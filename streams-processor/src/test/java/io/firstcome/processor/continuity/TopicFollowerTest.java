package io.firstcome.processor.continuity;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.errors.StreamsException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import io.firstcome.contract.json.ContractViolation;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

class TopicFollowerTest {

    private static final TopicPartition PARTITION = new TopicPartition("topic", 0);

    private final BlockingQueue<MockConsumer<byte[], byte[]>> consumers = new LinkedBlockingQueue<>();
    private final Texts texts = new Texts();
    private volatile String topicId = "id";
    private TopicFollower follower = follower(Duration.ofMinutes(1));

    @AfterEach
    void close() {
        follower.close();
    }

    @Test
    void shouldWaitUntilThePartitionHasBeenRead() throws Exception {
        // given
        follower.start();
        MockConsumer<byte[], byte[]> kafka = consumers.take();
        append(kafka, 0, "first");

        // when
        var read = CompletableFuture.supplyAsync(() -> follower.await("id", 0, 2, texts::copy));
        append(kafka, 1, "second");

        // then
        assertThat(read).succeedsWithin(Duration.ofSeconds(30)).isEqualTo(List.of("first", "second"));
    }

    @Test
    void shouldReadAgainAfterAFailure() throws Exception {
        // given
        follower.start();
        MockConsumer<byte[], byte[]> first = consumers.take();
        append(first, 0, "first");
        follower.await("id", 0, 1, texts::copy);

        // when
        first.setPollException(new KafkaException("gone"));
        MockConsumer<byte[], byte[]> second = consumers.take();
        append(second, 0, "other");

        // then
        await().until(() -> follower.await("id", 0, 1, texts::copy).equals(List.of("other")));
        assertThat(first.closed()).isTrue();
    }

    @Test
    void shouldReadATopicThatWasCreatedAgain() throws Exception {
        // given
        follower.start();
        append(consumers.take(), 0, "deleted");
        follower.await("id", 0, 1, texts::copy);

        // when
        topicId = "other";
        var read = CompletableFuture.supplyAsync(() -> follower.await("other", 0, 1, texts::copy));
        append(consumers.take(), 0, "new");

        // then
        assertThat(read).succeedsWithin(Duration.ofSeconds(30)).isEqualTo(List.of("new"));
    }

    @Test
    void shouldReportARecordThatCannotBeRead() throws Exception {
        // given
        follower.start();

        // when
        append(consumers.take(), 0, "unreadable");

        // then
        assertThatThrownBy(() -> follower.await("id", 0, 1, texts::copy)).isInstanceOf(ContractViolation.class);
    }

    @Test
    void shouldReportAStandstill() {
        // given
        follower = follower(Duration.ofMillis(50));

        // when
        follower.start();

        // then
        assertThatThrownBy(() -> follower.await("id", 0, 1, texts::copy)).isInstanceOf(StreamsException.class)
                .hasMessageContaining("topic-0 cannot be read to its end");
    }

    @Test
    void shouldReportAnErrorAtOnce() throws Exception {
        // given
        follower.start();
        MockConsumer<byte[], byte[]> kafka = consumers.take();
        append(kafka, 0, "first");
        var read = CompletableFuture.supplyAsync(() -> follower.await("id", 0, 2, texts::copy));

        // when
        kafka.schedulePollTask(() -> {
            throw new LinkageError("thrown by the test");
        });

        // then
        assertThat(read).failsWithin(Duration.ofSeconds(30)).withThrowableThat()
                .withMessageContaining("the reader of topic ended because of java.lang.LinkageError");
        assertThat(follower.problem()).hasValueSatisfying(it -> assertThat(it).contains("LinkageError"));
        await().until(kafka::closed);
        assertThat(follower.await("id", 0, 1, texts::copy)).containsExactly("first");
    }

    private TopicFollower follower(Duration timeout) {
        return new TopicFollower("topic", 1, this::consumer, () -> topicId, texts, timeout,
                new SimpleMeterRegistry());
    }

    private Consumer<byte[], byte[]> consumer() {
        var kafka = new MockConsumer<byte[], byte[]>("none");
        kafka.updateBeginningOffsets(Map.of(PARTITION, 0L));
        consumers.add(kafka);
        return kafka;
    }

    private static void append(MockConsumer<byte[], byte[]> kafka, long offset, String text) {
        kafka.schedulePollTask(
                () -> kafka.addRecord(new ConsumerRecord<>("topic", 0, offset, new byte[0], text.getBytes(UTF_8))));
    }

    private static final class Texts implements TopicFollower.Content {

        private final List<String> texts = new ArrayList<>();

        @Override
        public void clear() {
            texts.clear();
        }

        @Override
        public void add(ConsumerRecord<byte[], byte[]> record) {
            String text = new String(record.value(), UTF_8);
            if (text.equals("unreadable")) {
                throw new ContractViolation("text", "unreadable");
            }
            texts.add(text);
        }

        List<String> copy() {
            return List.copyOf(texts);
        }
    }
}

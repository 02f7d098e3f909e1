package io.firstcome.gate.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.firstcome.gate.admission.RequestBatcher.Bounds;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

class RequestBatcherTest {

    private static final Duration LONG = Duration.ofDays(1);
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final String NONE = "no answer";
    private static final int FAILS = -1;
    private static final int BREAKS = -2;
    private static final int ANSWERS_TOO_FEW = -3;

    /** The round trips that have begun, and the permits with which each of them ends. */
    private final Queue<List<Integer>> begun = new ConcurrentLinkedQueue<>();
    private final Semaphore permits = new Semaphore(0);
    private RequestBatcher<Integer, String> batcher = with(new Bounds(1, 100, 100, LONG));

    @AfterEach
    void close() {
        permits.release(1000);
        batcher.close();
    }

    @Test
    void shouldSendWaitingRequestsInOneRoundTrip() {
        // given
        CompletableFuture<String> first = batcher.ask(0);
        await().until(() -> begun.size() == 1);
        List<CompletableFuture<String>> waiting = askAll(1, 50);

        // when
        permits.release(1000);

        // then
        assertThat(first.join()).isEqualTo("answer 0");
        assertThat(joined(waiting)).isEqualTo(IntStream.rangeClosed(1, 50).mapToObj(i -> "answer " + i).toList());
        assertThat(begun).containsExactly(List.of(0), IntStream.rangeClosed(1, 50).boxed().toList());
    }

    @Test
    void shouldLimitTheBatch() {
        // given
        replace(new Bounds(1, 3, 100, LONG));
        batcher.ask(0);
        await().until(() -> begun.size() == 1);
        List<CompletableFuture<String>> waiting = askAll(1, 5);

        // when
        permits.release(1000);

        // then
        assertThat(joined(waiting)).doesNotContain(NONE);
        assertThat(begun).containsExactly(List.of(0), List.of(1, 2, 3), List.of(4, 5));
    }

    @Test
    void shouldMakeSeveralRoundTripsAtTheSameTime() {
        // given
        replace(new Bounds(2, 100, 100, LONG));

        // when
        batcher.ask(0);
        await().until(() -> begun.size() == 1);
        batcher.ask(1);

        // then
        await().until(() -> begun.size() == 2);
    }

    @Test
    void shouldLimitTheWaitingRequests() {
        // given
        replace(new Bounds(1, 100, 2, LONG));
        batcher.ask(0);
        await().until(() -> begun.size() == 1);
        List<CompletableFuture<String>> waiting = askAll(1, 2);

        // when
        CompletableFuture<String> oneTooMany = batcher.ask(3);

        // then
        assertThat(oneTooMany).isCompletedWithValue(NONE);
        permits.release(1000);
        assertThat(joined(waiting)).containsExactly("answer 1", "answer 2");
    }

    @Test
    void shouldDropRequestsThatTimedOut() {
        // given
        replace(new Bounds(1, 100, 100, Duration.ofSeconds(2)));
        CompletableFuture<String> underWay = batcher.ask(0);
        await().until(() -> begun.size() == 1);

        // when
        CompletableFuture<String> waiting = batcher.ask(1);

        // then
        assertThat(waiting.join()).isEqualTo(NONE);
        assertThat(underWay.join()).isEqualTo(NONE);
        permits.release(1000);
        await().until(() -> batcher.ask(2).join().equals("answer 2"));
        assertThat(begun).doesNotContain(List.of(1)).noneMatch(batch -> batch.contains(1));
    }

    @ParameterizedTest
    @ValueSource(ints = {FAILS, ANSWERS_TOO_FEW})
    void shouldContinueAfterAFailedRoundTrip(int request) {
        // given
        permits.release(1000);

        // when
        CompletableFuture<String> failed = batcher.ask(request);

        // then
        assertThat(failed).succeedsWithin(TIMEOUT).isEqualTo(NONE);
        assertThat(batcher.ask(1)).succeedsWithin(TIMEOUT).isEqualTo("answer 1");
        assertThat(batcher.problem()).isEmpty();
    }

    @Test
    void shouldEndTheLoopAfterAnError() {
        // given
        permits.release(1000);

        // when
        CompletableFuture<String> failed = batcher.ask(BREAKS);

        // then
        assertThat(failed).succeedsWithin(TIMEOUT).isEqualTo(NONE);
        await().until(() -> batcher.problem().isPresent());
        assertThat(batcher.problem().get()).contains("LinkageError");
    }

    @Test
    void shouldAnswerAllRequestsWhenClosed() {
        // given
        CompletableFuture<String> underWay = batcher.ask(0);
        await().until(() -> begun.size() == 1);
        List<CompletableFuture<String>> waiting = askAll(1, 50);

        // when
        CompletableFuture<Void> closing = CompletableFuture.runAsync(batcher::close);
        await().until(() -> batcher.ask(99).isDone());
        permits.release(1);

        // then
        closing.join();
        assertThat(underWay.join()).isEqualTo("answer 0");
        assertThat(joined(waiting)).containsOnly(NONE);
        assertThat(batcher.ask(100)).isCompletedWithValue(NONE);
    }

    private List<CompletableFuture<String>> askAll(int from, int to) {
        return IntStream.rangeClosed(from, to).mapToObj(batcher::ask).toList();
    }

    private static List<String> joined(List<CompletableFuture<String>> answers) {
        return answers.stream().map(CompletableFuture::join).toList();
    }

    private void replace(Bounds bounds) {
        batcher.close();
        batcher = with(bounds);
    }

    private RequestBatcher<Integer, String> with(Bounds bounds) {
        return new RequestBatcher<>("test", bounds, this::roundTrip, it -> it, NONE, new SimpleMeterRegistry());
    }

    private List<String> roundTrip(List<Integer> requests) {
        begun.add(requests);
        permits.acquireUninterruptibly();
        if (requests.contains(FAILS)) {
            throw new IllegalStateException("the test fails this batch");
        }
        if (requests.contains(BREAKS)) {
            throw new LinkageError("the test breaks this batch");
        }
        return requests.contains(ANSWERS_TOO_FEW)
                ? List.of()
                : requests.stream().map(i -> "answer " + i).toList();
    }
}

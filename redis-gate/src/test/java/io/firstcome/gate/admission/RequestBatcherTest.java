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

class RequestBatcherTest {

    private static final Duration FOR_EVER = Duration.ofDays(1);
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final String NONE = "no answer";
    private static final int FAILS = -1;
    private static final int BREAKS = -2;
    private static final int ANSWERS_TOO_LITTLE = -3;

    /** The round trips that were begun, and leave for each of them to end. */
    private final Queue<List<Integer>> begun = new ConcurrentLinkedQueue<>();
    private final Semaphore leave = new Semaphore(0);
    private RequestBatcher<Integer, String> coalescer = with(new Bounds(1, 100, 100, FOR_EVER));

    @AfterEach
    void close() {
        leave.release(1000);
        coalescer.close();
    }

    @Test
    void shouldLetWhateverWaitsShareTheNextRoundTrip() {
        // given
        CompletableFuture<String> lone = coalescer.ask(0);
        await().until(() -> begun.size() == 1);
        List<CompletableFuture<String>> crowd = askAll(1, 50);

        // when
        leave.release(1000);

        // then
        assertThat(lone.join()).isEqualTo("answer 0");
        assertThat(joined(crowd)).isEqualTo(IntStream.rangeClosed(1, 50).mapToObj(i -> "answer " + i).toList());
        assertThat(begun).containsExactly(List.of(0), IntStream.rangeClosed(1, 50).boxed().toList());
    }

    @Test
    void shouldNotOverloadARoundTrip() {
        // given
        replace(new Bounds(1, 3, 100, FOR_EVER));
        coalescer.ask(0);
        await().until(() -> begun.size() == 1);
        List<CompletableFuture<String>> crowd = askAll(1, 5);

        // when
        leave.release(1000);

        // then
        assertThat(joined(crowd)).doesNotContain(NONE);
        assertThat(begun).containsExactly(List.of(0), List.of(1, 2, 3), List.of(4, 5));
    }

    @Test
    void shouldMakeSeveralRoundTripsAtTheSameTime() {
        // given
        replace(new Bounds(2, 100, 100, FOR_EVER));

        // when
        coalescer.ask(0);
        await().until(() -> begun.size() == 1);
        coalescer.ask(1);

        // then
        await().until(() -> begun.size() == 2);
    }

    @Test
    void shouldNotLetMoreWaitThanThereIsPlaceFor() {
        // given
        replace(new Bounds(1, 100, 2, FOR_EVER));
        coalescer.ask(0);
        await().until(() -> begun.size() == 1);
        List<CompletableFuture<String>> waiting = askAll(1, 2);

        // when
        CompletableFuture<String> oneTooMany = coalescer.ask(3);

        // then
        assertThat(oneTooMany).isCompletedWithValue(NONE);
        leave.release(1000);
        assertThat(joined(waiting)).containsExactly("answer 1", "answer 2");
    }

    @Test
    void shouldKeepNobodyWaitingBeyondPatienceAndNotAskForThoseWhoGaveUp() {
        // given
        replace(new Bounds(1, 100, 100, Duration.ofSeconds(2)));
        CompletableFuture<String> underWay = coalescer.ask(0);
        await().until(() -> begun.size() == 1);

        // when
        CompletableFuture<String> waiting = coalescer.ask(1);

        // then
        assertThat(waiting.join()).isEqualTo(NONE);
        assertThat(underWay.join()).isEqualTo(NONE);
        leave.release(1000);
        await().until(() -> coalescer.ask(2).join().equals("answer 2"));
        assertThat(begun).doesNotContain(List.of(1)).noneMatch(batch -> batch.contains(1));
    }

    @ParameterizedTest
    @ValueSource(ints = {FAILS, BREAKS, ANSWERS_TOO_LITTLE})
    void shouldGoOnAfterARoundTripThatFailed(int trouble) {
        // given
        leave.release(1000);

        // then
        assertThat(coalescer.ask(trouble)).succeedsWithin(SOON).isEqualTo(NONE);
        assertThat(coalescer.ask(1)).succeedsWithin(SOON).isEqualTo("answer 1");
    }

    @Test
    void shouldAnswerEverybodyWhenItIsClosed() {
        // given
        CompletableFuture<String> underWay = coalescer.ask(0);
        await().until(() -> begun.size() == 1);
        List<CompletableFuture<String>> waiting = askAll(1, 50);

        // when
        CompletableFuture<Void> closing = CompletableFuture.runAsync(coalescer::close);
        await().until(() -> coalescer.ask(99).isDone());
        leave.release(1);

        // then
        closing.join();
        assertThat(underWay.join()).isEqualTo("answer 0");
        assertThat(joined(waiting)).containsOnly(NONE);
        assertThat(coalescer.ask(100)).isCompletedWithValue(NONE);
    }

    private List<CompletableFuture<String>> askAll(int from, int to) {
        return IntStream.rangeClosed(from, to).mapToObj(coalescer::ask).toList();
    }

    private static List<String> joined(List<CompletableFuture<String>> answers) {
        return answers.stream().map(CompletableFuture::join).toList();
    }

    private void replace(Bounds bounds) {
        coalescer.close();
        coalescer = with(bounds);
    }

    private RequestBatcher<Integer, String> with(Bounds bounds) {
        return new RequestBatcher<>("test", bounds, this::roundTrip, NONE);
    }

    private List<String> roundTrip(List<Integer> questions) {
        begun.add(questions);
        leave.acquireUninterruptibly();
        if (questions.contains(FAILS)) {
            throw new IllegalStateException("told to fail");
        }
        if (questions.contains(BREAKS)) {
            throw new LinkageError("told to break");
        }
        return questions.contains(ANSWERS_TOO_LITTLE)
                ? List.of()
                : questions.stream().map(i -> "answer " + i).toList();
    }
}

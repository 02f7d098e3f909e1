package io.firstcome.processor.continuity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import io.firstcome.processor.continuity.StoredCoupons.StoredIssues;

class IssueCountTest {

    @ParameterizedTest
    @MethodSource("failures")
    void shouldFailTheTaskWithWhatEndedTheCount(Throwable failure) {
        // given
        var issues = new BrokenIssues(failure);
        var count = new IssueCount(Map.of(), issues);

        // when
        count.start();
        await().until(() -> issues.closed);

        // then
        await().untilAsserted(() -> assertThat(catchThrowable(count::isComplete)).hasCause(failure));
    }

    static Stream<Throwable> failures() {
        return Stream.of(new IllegalStateException("unreadable"), new LinkageError("simulated"));
    }

    @Test
    void shouldNotBeCompleteWhenItIsClosedBeforeTheEnd() {
        // given
        var endless = new BrokenIssues(null);
        var count = new IssueCount(Map.of(), endless);
        count.start();

        // when
        count.close();

        // then
        await().during(Duration.ofMillis(300)).until(() -> !count.isComplete());
    }

    private static final class BrokenIssues implements StoredIssues {

        private final Throwable failure;
        private volatile boolean closed;

        BrokenIssues(Throwable failure) {
            this.failure = failure;
        }

        @Override
        public boolean hasNext() {
            return true;
        }

        @Override
        public OfUser next() {
            switch (failure) {
                case null -> {
                    return new OfUser("c1", 1, 0, 1);
                }
                case RuntimeException exception -> throw exception;
                case Error error -> throw error;
                default -> throw new AssertionError(failure);
            }
        }

        @Override
        public void close() {
            closed = true;
        }
    }
}

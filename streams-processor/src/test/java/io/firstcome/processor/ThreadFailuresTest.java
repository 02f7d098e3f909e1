package io.firstcome.processor;

import static org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse.REPLACE_THREAD;
import static org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.errors.StreamsException;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import io.firstcome.contract.id.CouponId;
import io.firstcome.contract.json.NewerFormat;
import io.firstcome.contract.topic.RecordPosition;
import io.firstcome.contract.topic.Topics;
import io.firstcome.processor.continuity.LostState;
import io.firstcome.processor.continuity.NewerData;

class ThreadFailuresTest {

    private static final int THREADS = 2;
    private static final int ALLOWED = ThreadFailures.MAX_PER_THREAD * THREADS;

    private final List<String> refusals = new ArrayList<>();
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private final ThreadFailures failures = new ThreadFailures(THREADS, () -> now, refusals::add);

    @Test
    void shouldReplaceThreadsUntilTooManyFailInWindow() {
        // when
        List<StreamThreadExceptionResponse> responses = IntStream.rangeClosed(0, ALLOWED).mapToObj(_ -> fail())
                .toList();

        // then
        assertThat(responses.subList(0, ALLOWED)).containsOnly(REPLACE_THREAD);
        assertThat(responses.getLast()).isEqualTo(SHUTDOWN_CLIENT);
    }

    @Test
    void shouldAlwaysReplaceThreadsThatFailRarely() {
        // when
        List<StreamThreadExceptionResponse> responses = IntStream.range(0, 10 * ALLOWED).mapToObj(_ -> {
            now = now.plus(ThreadFailures.WINDOW.dividedBy(ALLOWED)).plus(Duration.ofSeconds(1));
            return fail();
        }).toList();

        // then
        assertThat(responses).containsOnly(REPLACE_THREAD);
    }

    @ParameterizedTest
    @MethodSource("errors")
    void shouldShutDownAtOnceAfterError(Throwable failure) {
        // when
        StreamThreadExceptionResponse response = failures.handle(failure);

        // then
        assertThat(response).isEqualTo(SHUTDOWN_CLIENT);
    }

    @Test
    void shouldShutDownAtOnceAfterLostState() {
        // when
        StreamThreadExceptionResponse response = failures.handle(
                new StreamsException(LostState.holdersWithoutCoupon(new CouponId("c1"))));

        // then
        assertThat(response).isEqualTo(SHUTDOWN_CLIENT);
        assertThat(refusals).singleElement().asString().contains("coupon c1", "Restore the changelogs");
    }

    @Test
    void shouldNotPassOnTheAdviceToReset() {
        // when
        StreamThreadExceptionResponse response = failures.handle(new StreamsException("Existing internal topic a has"
                + " invalid partitions: expected: 12; actual: 6. Use 'org.apache.kafka.tools.StreamsResetter' tool to"
                + " clean up invalid topics before processing."));

        // then
        assertThat(response).isEqualTo(SHUTDOWN_CLIENT);
        assertThat(refusals).singleElement().asString().contains("partitions were added", "Do not reset");
    }

    @Test
    void shouldShutDownAtOnceAtARecordOfANewerVersion() {
        // given
        NewerFormat format = catchThrowableOfType(NewerFormat.class,
                () -> Topics.COMMANDS.decode("{\"type\":\"TradeIssue\"}".getBytes(StandardCharsets.UTF_8)));

        // when
        StreamThreadExceptionResponse response = failures.handle(
                new StreamsException(NewerData.record(format,
                        new RecordPosition("coupon-commands", 3, 17), new RecordHeaders())));

        // then
        assertThat(response).isEqualTo(SHUTDOWN_CLIENT);
        assertThat(refusals).singleElement().asString().contains("coupon-commands-3@17 has the type TradeIssue");
    }

    private static Stream<Throwable> errors() {
        return Stream.of(new OutOfMemoryError("heap"), new StreamsException(new StackOverflowError()),
                new StreamsException(new IllegalStateException(new NoClassDefFoundError("missing"))));
    }

    private StreamThreadExceptionResponse fail() {
        return failures.handle(new StreamsException("the broker is down"));
    }
}

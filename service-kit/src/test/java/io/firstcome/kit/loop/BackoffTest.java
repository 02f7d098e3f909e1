package io.firstcome.kit.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class BackoffTest {

    private static final Duration FIRST = Duration.ofMillis(200);
    private static final Duration MAX = Duration.ofSeconds(10);

    @RepeatedTest(20)
    void shouldDoubleUpToTheLimitAndStayAboveHalfOfIt(RepetitionInfo seed) {
        // given
        var backoff = new Backoff(FIRST, MAX, new Random(seed.getCurrentRepetition()));

        // when
        List<Duration> waits = IntStream.rangeClosed(1, 100).mapToObj(backoff::after).toList();

        // then
        for (int failures = 1; failures <= 100; failures++) {
            Duration limit = failures > 6 ? MAX : FIRST.multipliedBy(1L << (failures - 1));
            assertThat(waits.get(failures - 1)).isBetween(limit.dividedBy(2), limit);
        }
    }

    @Test
    void shouldNotWaitEquallyLongTwice() {
        // given
        var backoff = new Backoff(FIRST, MAX, new Random(1));

        // when
        List<Duration> waits = IntStream.range(0, 10).mapToObj(_ -> backoff.after(20)).toList();

        // then
        assertThat(waits.stream().distinct()).hasSizeGreaterThan(5);
    }

    @Test
    void shouldRetryAtOnceWithoutBackoff() {
        assertThat(Backoff.NONE.after(7)).isZero();
    }
}

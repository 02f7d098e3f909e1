package io.firstcome.sink.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import java.util.stream.IntStream;

import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class BackoffTest {

    private static final Duration FIRST = Duration.ofMillis(200);
    private static final Duration LONGEST = Duration.ofSeconds(10);

    @RepeatedTest(20)
    void shouldDoubleUpToTheLimitAndStayAboveHalfOfIt(RepetitionInfo seed) {
        var backoff = new Backoff(FIRST, LONGEST, new Random(seed.getCurrentRepetition()));
        for (int failures = 1; failures <= 100; failures++) {
            Duration full = failures > 6 ? LONGEST : FIRST.multipliedBy(1L << (failures - 1));
            assertThat(backoff.after(failures)).isBetween(full.dividedBy(2), full);
        }
    }

    @Test
    void shouldNotWaitEquallyLongTwice() {
        var backoff = new Backoff(FIRST, LONGEST, new Random(1));
        assertThat(IntStream.range(0, 10).mapToObj(i -> backoff.after(20)).distinct()).hasSizeGreaterThan(5);
    }
}

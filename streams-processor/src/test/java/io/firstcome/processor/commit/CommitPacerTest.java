package io.firstcome.processor.commit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;

import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CommitPacerTest {

    private static final long START = 1_000_000;
    private static final long INTERVAL = 20;

    private final MockProcessorContext<byte[], byte[]> context = new MockProcessorContext<>();
    private final CommitPacer pacer = new CommitPacer(Duration.ofMillis(INTERVAL));

    @BeforeEach
    void startClock() {
        context.setCurrentSystemTimeMs(START);
    }

    @Test
    void shouldCommitFirstDecisionAtOnce() {
        // when
        pacer.decided(context, START);

        // then
        assertThat(context.committed()).isTrue();
        assertThat(context.scheduledPunctuators()).isEmpty();
    }

    @Test
    void shouldCommitLaterDecisionsTogether() {
        // given
        decideFirst();

        // when
        decideAt(START + 5);
        decideAt(START + 6);

        // then
        assertThat(context.committed()).isFalse();
        assertThat(context.scheduledPunctuators()).hasSize(1);
        var timer = context.scheduledPunctuators().getFirst();
        assertThat(timer.getInterval()).isEqualTo(Duration.ofMillis(INTERVAL - 5));
        timer.getPunctuator().punctuate(START + INTERVAL);
        assertThat(context.committed()).isTrue();
        assertThat(timer.cancelled()).isTrue();
    }

    @Test
    void shouldCommitAtOnceAfterInterval() {
        // given
        decideFirst();

        // when
        decideAt(START + INTERVAL);

        // then
        assertThat(context.committed()).isTrue();
    }

    @Test
    void shouldCountIntervalFromTimer() {
        // given
        decideFirst();
        decideAt(START + 5);
        context.scheduledPunctuators().getFirst().getPunctuator().punctuate(START + INTERVAL);
        context.resetCommit();

        // when
        decideAt(START + INTERVAL + 1);

        // then
        assertThat(context.committed()).isFalse();
        assertThat(context.scheduledPunctuators()).hasSize(2);
    }

    @Test
    void shouldLeaveCommitsToKafkaStreamsWhileBehind() {
        // when
        pacer.decided(context, START - CommitPacer.BEHIND.toMillis() - 1);

        // then
        assertThat(context.committed()).isFalse();
        assertThat(context.scheduledPunctuators()).isEmpty();
    }

    @Test
    void shouldNotWaitForTimerOfClosedTask() {
        // given
        decideFirst();
        decideAt(START + 5);

        // when
        decideAt(START + 10 * INTERVAL);

        // then
        assertThat(context.committed()).isTrue();
    }

    @Test
    void shouldCommitWhenClockStepsBack() {
        // given
        decideFirst();

        // when
        decideAt(START - 60_000);

        // then
        assertThat(context.committed()).isTrue();
    }

    private void decideFirst() {
        pacer.decided(context, START);
        context.resetCommit();
    }

    private void decideAt(long now) {
        context.setCurrentSystemTimeMs(now);
        pacer.decided(context, now);
    }
}

package io.firstcome.processor.commit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;

import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.processor.api.MockProcessorContext.CapturedPunctuator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CommitPacerTest {

    private static final long START = 1_000_000;
    private static final long INTERVAL = 20;
    private static final long PAUSE = CommitPacer.PAUSE.toMillis();

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
        assertThat(timer(0).getInterval()).isEqualTo(Duration.ofMillis(INTERVAL - 5));
        fire(0, START + INTERVAL);
        assertThat(context.committed()).isTrue();
    }

    @Test
    void shouldCommitAtOnceAfterPause() {
        // given
        decideFirst();

        // when
        decideAt(START + PAUSE);

        // then
        assertThat(context.committed()).isTrue();
    }

    @Test
    void shouldKeepIntervalThatIsLongerThanPause() {
        // given
        var patient = new CommitPacer(CommitPacer.PAUSE.multipliedBy(10));
        patient.decided(context, START);
        context.resetCommit();

        // when
        context.setCurrentSystemTimeMs(START + 2 * PAUSE);
        patient.decided(context, START + 2 * PAUSE);

        // then
        assertThat(context.committed()).isFalse();
        assertThat(timer(0).getInterval()).isEqualTo(CommitPacer.PAUSE.multipliedBy(8));
    }

    @Test
    void shouldCollectDecisionsAfterCommitThatTookLongerThanInterval() {
        // given
        decideFirst();

        // when
        decideAt(START + 3 * INTERVAL);
        decideAt(START + 3 * INTERVAL);

        // then
        assertThat(context.committed()).isFalse();
        assertThat(context.scheduledPunctuators()).hasSize(1);
        assertThat(timer(0).getInterval()).isEqualTo(Duration.ofMillis(1));
    }

    @Test
    void shouldLetOutcomesOfRushGather() {
        // given
        decideFirst();
        for (int caller = 0; caller < 128; caller++) {
            decideAt(START + 1);
        }
        fire(0, START + INTERVAL);

        // when
        decideAt(START + 3 * INTERVAL);

        // then
        assertThat(timer(1).getInterval()).isEqualTo(Duration.ofMillis(CommitPacer.MAX_GATHER_MILLIS));
    }

    @Test
    void shouldNotLetLoneCallerWaitAfterRush() {
        // given
        decideFirst();
        for (int caller = 0; caller < 128; caller++) {
            decideAt(START + 1);
        }
        fire(0, START + INTERVAL);
        decideAt(START + 2 * INTERVAL);
        fire(1, START + 3 * INTERVAL);

        // when
        decideAt(START + 5 * INTERVAL);

        // then
        assertThat(timer(2).getInterval()).isEqualTo(Duration.ofMillis(1));
    }

    @Test
    void shouldKeepNoTimerBeyondItsCommit() {
        // given
        decideFirst();

        // when: each timer fires late, as after a long commit
        for (int round = 0; round < 5; round++) {
            long now = START + 5 + round * 4 * INTERVAL;
            decideAt(now);
            decideAt(now + 3 * INTERVAL);
            fire(round, now + 3 * INTERVAL);
            context.resetCommit();
        }

        // then
        assertThat(context.scheduledPunctuators()).hasSize(5).allMatch(CapturedPunctuator::cancelled);
    }

    @Test
    void shouldCountIntervalFromTimer() {
        // given
        decideFirst();
        decideAt(START + 5);
        fire(0, START + INTERVAL);
        context.resetCommit();

        // when
        decideAt(START + INTERVAL + 1);

        // then
        assertThat(context.committed()).isFalse();
        assertThat(context.scheduledPunctuators()).hasSize(2);
        assertThat(timer(1).getInterval()).isEqualTo(Duration.ofMillis(INTERVAL - 1));
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
    void shouldLeaveCommitsToKafkaStreamsWhileOneTaskIsBehind() {
        // given
        decideFirst();
        long behind = START + PAUSE;
        context.setCurrentSystemTimeMs(behind);
        pacer.decided(context, behind - CommitPacer.BEHIND.toMillis() - 1);

        // when
        decideAt(behind + 1);

        // then
        assertThat(context.committed()).isFalse();
        assertThat(context.scheduledPunctuators()).isEmpty();
        decideAt(behind + CommitPacer.BEHIND.toMillis());
        assertThat(context.committed()).isTrue();
    }

    @Test
    void shouldNotWaitForTimerAfterClockStepsBack() {
        // given
        decideFirst();
        decideAt(START + 5);

        // when
        decideAt(START - 60_000);

        // then
        assertThat(context.committed()).isTrue();
        assertThat(timer(0).cancelled()).isTrue();
    }

    @Test
    void shouldNotWaitForTimerOfClosedTask() {
        // given
        decideFirst();
        decideAt(START + 5);

        // when
        pacer.closed(context);
        decideAt(START + 6);

        // then
        assertThat(timer(0).cancelled()).isTrue();
        assertThat(context.scheduledPunctuators()).hasSize(2);
        assertThat(timer(1).cancelled()).isFalse();
    }

    @Test
    void shouldKeepTimerWhenOtherTaskCloses() {
        // given
        decideFirst();
        decideAt(START + 5);

        // when
        pacer.closed(new MockProcessorContext<byte[], byte[]>());

        // then
        assertThat(timer(0).cancelled()).isFalse();
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

    private CapturedPunctuator timer(int index) {
        return context.scheduledPunctuators().get(index);
    }

    /** Kafka Streams fires a timer again after each interval until it is cancelled. */
    private void fire(int index, long now) {
        assertThat(timer(index).cancelled()).isFalse();
        timer(index).getPunctuator().punctuate(now);
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

package io.firstcome.readmodel.tail;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;

import org.junit.jupiter.api.Test;

class CatchUpMonitorTest {

    private static final Duration SECOND = Duration.ofSeconds(1);

    private final SetClock clock = new SetClock();
    private final CatchUpMonitor freshness = new CatchUpMonitor(2, clock::currentTimeNanos);

    @Test
    void shouldBeReadingUntilEveryPartitionIsReadAsFarAsItWentWhenAsked() {
        // given
        assertThat(freshness.problem()).hasValue("are still being read");
        look(0, 0);
        freshness.reached(0, 0);

        // when
        look(1, 100);
        freshness.reached(1, 99);

        // then
        assertThat(freshness.isCurrent()).isFalse();
        assertThat(freshness.problem()).hasValue("are still being read");
        freshness.reached(1, 100);
        assertThat(freshness.isCurrent()).isTrue();
        assertThat(freshness.problem()).isEmpty();
    }

    @Test
    void shouldNotStayCurrentWhileOnePartitionIsSilentAndAnotherIsHeard() {
        // given
        becomeCurrent();

        // when
        passSeconds(15, () -> {
            look(0, 7);
            freshness.reached(0, 7);
        });

        // then
        assertThat(freshness.isCurrent()).as("for as long as it may have been cut off").isTrue();
        clock.advance(SECOND);
        assertThat(freshness.isCurrent()).isFalse();
        assertThat(freshness.problem()).hasValue("are not to be heard of, for no broker answers: partitions [1]");
    }

    @Test
    void shouldNotStayCurrentWhileItLagsMoreAndMore() {
        // given
        becomeCurrent();

        // when
        passSeconds(17, new Runnable() {
            private int seconds;

            @Override
            public void run() {
                look(0, 0);
                look(1, 100L * ++seconds);
                freshness.reached(0, 0);
                freshness.reached(1, 5L * seconds);
            }
        });

        // then
        assertThat(freshness.isCurrent()).isFalse();
        assertThat(freshness.problem()).hasValue("are behind by more than 15 s: partitions [1]");
    }

    @Test
    void shouldStayCurrentWhileItLagsALittle() {
        // given
        becomeCurrent();

        // then
        passSeconds(60, new Runnable() {
            private int seconds;

            @Override
            public void run() {
                look(0, 100L * ++seconds);
                look(1, 100L * seconds);
                freshness.reached(0, 100L * (seconds - 3));
                freshness.reached(1, 100L * (seconds - 3));
                assertThat(freshness.isCurrent()).isTrue();
            }
        });
    }

    @Test
    void shouldCallBehindAndNotSilentWhoNeitherReadsNorAsks() {
        // given
        becomeCurrent();

        // when
        clock.advance(SECOND.multipliedBy(16));

        // then
        assertThat(freshness.problem()).hasValue("are behind by more than 15 s: partitions [0, 1]");
    }

    @Test
    void shouldTellTheSilentFromThoseBehind() {
        // given
        becomeCurrent();

        // when
        passSeconds(16, () -> look(1, 1));

        // then
        assertThat(freshness.problem()).hasValue("are behind by more than 15 s: partitions [1]; "
                + "are not to be heard of, for no broker answers: partitions [0]");
    }

    @Test
    void shouldBeCurrentAgainWhenItHasCaughtUp() {
        // given
        becomeCurrent();
        passSeconds(17, () -> look(1, 50));
        assertThat(freshness.isCurrent()).isFalse();

        // when
        look(0, 0);
        look(1, 60);
        freshness.reached(0, 0);
        freshness.reached(1, 60);

        // then
        assertThat(freshness.isCurrent()).as("what was committed fifteen seconds ago says little").isFalse();
        look(1, 60);
        freshness.reached(1, 60);
        assertThat(freshness.isCurrent()).isTrue();
    }

    @Test
    void shouldCountFromTheQuestionAndNotFromTheAnswer() {
        // given
        becomeCurrent();

        // when
        long asked = freshness.asked();
        clock.advance(SECOND.multipliedBy(14));
        freshness.answered(0, 0, asked);
        freshness.answered(1, 0, asked);
        freshness.reached(0, 0);
        freshness.reached(1, 0);
        clock.advance(SECOND.multipliedBy(2));

        // then
        assertThat(freshness.isCurrent()).isFalse();
    }

    @Test
    void shouldNotGrowStaleByAnAnswerThatComesLate() {
        // given
        becomeCurrent();
        long early = freshness.asked();
        clock.advance(SECOND.multipliedBy(9));
        becomeCurrent();

        // when
        freshness.answered(1, 0, early);
        freshness.reached(1, 0);
        clock.advance(SECOND.multipliedBy(9));

        // then
        assertThat(freshness.isCurrent()).isTrue();
    }

    @Test
    void shouldNotWaitForAnEndThatTheLogHasLost() {
        // given
        becomeCurrent();
        look(1, 100);

        // when
        clock.advance(SECOND.multipliedBy(16));
        look(0, 0);
        look(1, 50);
        freshness.reached(0, 0);
        freshness.reached(1, 50);

        // then
        assertThat(freshness.isCurrent()).isTrue();
    }

    @Test
    void shouldAskForPositionsOnlyWhileTheyTellSomething() {
        assertThat(freshness.awaits(0)).isFalse();
        look(0, 5);
        assertThat(freshness.awaits(0)).isTrue();
        freshness.reached(0, 4);
        assertThat(freshness.awaits(0)).isTrue();
        freshness.reached(0, 5);
        assertThat(freshness.awaits(0)).isFalse();
    }

    private void becomeCurrent() {
        long asked = freshness.asked();
        for (int partition = 0; partition < 2; partition++) {
            freshness.answered(partition, 0, asked);
            freshness.reached(partition, 0);
        }
        assertThat(freshness.isCurrent()).isTrue();
    }

    /** Asks about both and hears of one. */
    private void look(int partition, long end) {
        freshness.answered(partition, end, freshness.asked());
    }

    private void passSeconds(int seconds, Runnable each) {
        for (int i = 0; i < seconds; i++) {
            clock.advance(SECOND);
            each.run();
        }
    }

    private static final class SetClock {

        private long nanos;

        void advance(Duration by) {
            nanos += by.toNanos();
        }

        long currentTimeNanos() {
            return nanos;
        }
    }
}

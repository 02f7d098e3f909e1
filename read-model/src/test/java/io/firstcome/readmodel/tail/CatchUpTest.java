package io.firstcome.readmodel.tail;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;

import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class CatchUpTest {

    private static final Duration SECOND = Duration.ofSeconds(1);

    private final SetClock clock = new SetClock();
    private final CatchUp catchUp = new CatchUp(
            List.of(new TopicPartition("topic", 0), new TopicPartition("topic", 1)), CatchUp.LIMIT,
            clock::currentTimeNanos);

    @Test
    void shouldBeReadingUntilEveryPartitionIsReadAsFarAsItWentWhenAsked() {
        // given
        assertThat(catchUp.problem()).hasValue("are still being read");
        look(0, 0);
        catchUp.readTo(0, 0);

        // when
        look(1, 100);
        catchUp.readTo(1, 99);

        // then
        assertThat(catchUp.isCurrent()).isFalse();
        assertThat(catchUp.problem()).hasValue("are still being read");
        catchUp.readTo(1, 100);
        assertThat(catchUp.isCurrent()).isTrue();
        assertThat(catchUp.problem()).isEmpty();
    }

    @Test
    void shouldNotStayCurrentWhileOnePartitionIsSilentAndAnotherIsHeard() {
        // given
        becomeCurrent();

        // when
        passSeconds(15, () -> {
            look(0, 7);
            catchUp.readTo(0, 7);
        });

        // then
        assertThat(catchUp.isCurrent()).as("for as long as it may have been cut off").isTrue();
        clock.advance(SECOND);
        assertThat(catchUp.isCurrent()).isFalse();
        assertThat(catchUp.problem()).hasValue("cannot be checked because no broker answers: partitions [1]");
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
                catchUp.readTo(0, 0);
                catchUp.readTo(1, 5L * seconds);
            }
        });

        // then
        assertThat(catchUp.isCurrent()).isFalse();
        assertThat(catchUp.problem()).hasValue("are behind by more than 15 s: partitions [1]");
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
                catchUp.readTo(0, 100L * (seconds - 3));
                catchUp.readTo(1, 100L * (seconds - 3));
                assertThat(catchUp.isCurrent()).isTrue();
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
        assertThat(catchUp.problem()).hasValue("are behind by more than 15 s: partitions [0, 1]");
    }

    @Test
    void shouldTellTheSilentFromThoseBehind() {
        // given
        becomeCurrent();

        // when
        passSeconds(16, () -> look(1, 1));

        // then
        assertThat(catchUp.problem()).hasValue("are behind by more than 15 s: partitions [1]; "
                + "cannot be checked because no broker answers: partitions [0]");
    }

    @Test
    void shouldBeCurrentAgainWhenItHasCaughtUp() {
        // given
        becomeCurrent();
        passSeconds(17, () -> look(1, 50));
        assertThat(catchUp.isCurrent()).isFalse();

        // when
        look(0, 0);
        look(1, 60);
        catchUp.readTo(0, 0);
        catchUp.readTo(1, 60);

        // then
        assertThat(catchUp.isCurrent()).as("what was committed fifteen seconds ago says little").isFalse();
        look(1, 60);
        catchUp.readTo(1, 60);
        assertThat(catchUp.isCurrent()).isTrue();
    }

    @Test
    void shouldCountFromTheQuestionAndNotFromTheAnswer() {
        // given
        becomeCurrent();

        // when
        long asked = catchUp.queryStarted();
        clock.advance(SECOND.multipliedBy(14));
        catchUp.queryAnswered(0, 0, asked);
        catchUp.queryAnswered(1, 0, asked);
        catchUp.readTo(0, 0);
        catchUp.readTo(1, 0);
        clock.advance(SECOND.multipliedBy(2));

        // then
        assertThat(catchUp.isCurrent()).isFalse();
    }

    @Test
    void shouldNotGrowStaleByAnAnswerThatComesLate() {
        // given
        becomeCurrent();
        long early = catchUp.queryStarted();
        clock.advance(SECOND.multipliedBy(9));
        becomeCurrent();

        // when
        catchUp.queryAnswered(1, 0, early);
        catchUp.readTo(1, 0);
        clock.advance(SECOND.multipliedBy(9));

        // then
        assertThat(catchUp.isCurrent()).isTrue();
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
        catchUp.readTo(0, 0);
        catchUp.readTo(1, 50);

        // then
        assertThat(catchUp.isCurrent()).isTrue();
    }

    @Test
    void shouldAskForPositionsOnlyWhileTheyTellSomething() {
        assertThat(catchUp.needsPosition(0)).isFalse();
        look(0, 5);
        assertThat(catchUp.needsPosition(0)).isTrue();
        catchUp.readTo(0, 4);
        assertThat(catchUp.needsPosition(0)).isTrue();
        catchUp.readTo(0, 5);
        assertThat(catchUp.needsPosition(0)).isFalse();
    }

    private void becomeCurrent() {
        long asked = catchUp.queryStarted();
        for (int partition = 0; partition < 2; partition++) {
            catchUp.queryAnswered(partition, 0, asked);
            catchUp.readTo(partition, 0);
        }
        assertThat(catchUp.isCurrent()).isTrue();
    }

    /** Asks about both and hears of one. */
    private void look(int partition, long end) {
        catchUp.queryAnswered(partition, end, catchUp.queryStarted());
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

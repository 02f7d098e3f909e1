package io.firstcome.readmodel.tail;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class CatchUpTest {

    private static final Duration SECOND = Duration.ofSeconds(1);

    private final SetClock clock = new SetClock();
    private final CatchUp catchUp = new CatchUp(
            List.of(new TopicPartition("topic", 0), new TopicPartition("topic", 1)), CatchUp.LIMIT,
            clock::currentTimeNanos);

    @Test
    void shouldBeCurrentOnceAllPartitionsReachedTheirEnds() {
        // given
        assertThat(catchUp.problem()).hasValue("are still being read");
        answer(0, 0);
        catchUp.readTo(0, 0);

        answer(1, 100);
        catchUp.readTo(1, 99);
        assertThat(catchUp.isCurrent()).isFalse();
        assertThat(catchUp.problem()).hasValue("are still being read");

        // when
        catchUp.readTo(1, 100);

        // then
        assertThat(catchUp.isCurrent()).isTrue();
        assertThat(catchUp.problem()).isEmpty();
    }

    @Test
    void shouldNotStayCurrentWhileOnePartitionIsSilent() {
        // given
        becomeCurrent();

        passSeconds(15, () -> {
            answer(0, 7);
            catchUp.readTo(0, 7);
        });
        assertThat(catchUp.isCurrent()).as("until the limit").isTrue();

        // when
        clock.advance(SECOND);

        // then
        assertThat(catchUp.isCurrent()).isFalse();
        assertThat(catchUp.problem()).hasValue("cannot be checked because no broker answers: partitions [1]");
    }

    @Test
    void shouldNotStayCurrentWhileTheLagGrows() {
        // given
        becomeCurrent();

        // when
        passSeconds(17, new Runnable() {
            private int seconds;

            @Override
            public void run() {
                answer(0, 0);
                answer(1, 100L * ++seconds);
                catchUp.readTo(0, 0);
                catchUp.readTo(1, 5L * seconds);
            }
        });

        // then
        assertThat(catchUp.isCurrent()).isFalse();
        assertThat(catchUp.problem()).hasValue("are behind by more than 15 s: partitions [1]");
    }

    @Test
    void shouldStayCurrentWhileTheLagIsSmall() {
        // given
        becomeCurrent();

        // when
        List<Boolean> current = new ArrayList<>();
        passSeconds(60, new Runnable() {
            private int seconds;

            @Override
            public void run() {
                answer(0, 100L * ++seconds);
                answer(1, 100L * seconds);
                catchUp.readTo(0, 100L * (seconds - 3));
                catchUp.readTo(1, 100L * (seconds - 3));
                current.add(catchUp.isCurrent());
            }
        });

        // then
        assertThat(current).hasSize(60).containsOnly(true);
    }

    @Test
    void shouldReportLagWhenNothingIsReadOrAsked() {
        // given
        becomeCurrent();

        // when
        clock.advance(SECOND.multipliedBy(16));

        // then
        assertThat(catchUp.problem()).hasValue("are behind by more than 15 s: partitions [0, 1]");
    }

    @Test
    void shouldTellSilentPartitionsFromLaggingOnes() {
        // given
        becomeCurrent();

        // when
        passSeconds(16, () -> answer(1, 1));

        // then
        assertThat(catchUp.problem()).hasValue("are behind by more than 15 s: partitions [1]; "
                + "cannot be checked because no broker answers: partitions [0]");
    }

    @Test
    void shouldBeCurrentAgainAfterCatchingUp() {
        // given
        becomeCurrent();
        answer(1, 50);
        passSeconds(17, () -> answer(1, 60));
        assertThat(catchUp.isCurrent()).isFalse();

        answer(0, 0);
        catchUp.readTo(0, 0);
        catchUp.readTo(1, 50);
        assertThat(catchUp.isCurrent()).as("the end that it reached is too old").isFalse();

        // when
        catchUp.readTo(1, 60);

        // then
        assertThat(catchUp.isCurrent()).isTrue();
    }

    @Test
    void shouldCountTimeFromQueryNotFromAnswer() {
        // given
        becomeCurrent();

        // when
        long askedNanos = catchUp.queryStarted();
        clock.advance(SECOND.multipliedBy(14));
        catchUp.queryAnswered(0, 0, askedNanos);
        catchUp.queryAnswered(1, 0, askedNanos);
        catchUp.readTo(0, 0);
        catchUp.readTo(1, 0);
        clock.advance(SECOND.multipliedBy(2));

        // then
        assertThat(catchUp.isCurrent()).isFalse();
    }

    @Test
    void shouldNotBecomeStaleByLateAnswer() {
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
    void shouldNotWaitForEndThatTheLogHasLost() {
        // given
        becomeCurrent();
        answer(1, 100);

        // when
        clock.advance(SECOND.multipliedBy(16));
        answer(0, 0);
        answer(1, 50);
        catchUp.readTo(0, 0);
        catchUp.readTo(1, 50);

        // then
        assertThat(catchUp.isCurrent()).isTrue();
    }

    @Test
    void shouldKnowUpToWhichMomentEachPartitionIsRead() {
        // given
        becomeCurrent();
        long before = clock.currentTimeNanos();
        clock.advance(SECOND);

        // when
        answer(0, 7);
        catchUp.readTo(0, 7);

        // then
        assertThat(catchUp.isReadSince(0, clock.currentTimeNanos())).isTrue();
        assertThat(catchUp.isReadSince(1, before)).isTrue();
        assertThat(catchUp.isReadSince(1, clock.currentTimeNanos())).as("not asked since").isFalse();
    }

    @Test
    void shouldReachAnEndThatWasReadBeforeItWasAsked() {
        // given
        becomeCurrent();
        catchUp.readTo(0, 5);
        catchUp.readTo(1, 8);
        clock.advance(SECOND);

        // when
        answer(0, 5);
        answer(1, 8);

        // then
        assertThat(catchUp.isReadSince(0, clock.currentTimeNanos())).isTrue();
        assertThat(catchUp.isReadSince(1, clock.currentTimeNanos())).isTrue();
    }

    @Test
    void shouldReachALaterEndTogetherWithAnEarlierOne() {
        // given
        becomeCurrent();
        answer(0, 5);
        answer(1, 5);
        clock.advance(SECOND);
        answer(0, 9);
        answer(1, 9);

        // when
        catchUp.readTo(0, 9);
        catchUp.readTo(1, 9);

        // then
        assertThat(catchUp.isReadSince(0, clock.currentTimeNanos())).isTrue();
        assertThat(catchUp.isReadSince(1, clock.currentTimeNanos())).isTrue();
    }

    @Test
    void shouldStayCurrentForOtherPartitions() {
        // given
        becomeCurrent();
        long before = clock.currentTimeNanos();

        // when
        passSeconds(16, () -> {
            answer(0, 7);
            catchUp.readTo(0, 7);
        });

        // then
        assertThat(catchUp.isCurrent(0)).isTrue();
        assertThat(catchUp.isCurrent(1)).isFalse();
        assertThat(catchUp.isReadSince(0, clock.currentTimeNanos())).isTrue();
        assertThat(catchUp.isReadSince(1, before)).isTrue();
        assertThat(catchUp.isReadSince(1, before + 1)).isFalse();
    }

    @Test
    void shouldHaveASeriousProblemWhenMoreThanHalfIsSilent() {
        // given
        becomeCurrent();

        // when
        passSeconds(16, () -> {
            answer(0, 7);
            catchUp.readTo(0, 7);
        });
        Optional<String> halfIsSilent = catchUp.seriousProblem();
        clock.advance(SECOND.multipliedBy(16));

        // then
        assertThat(halfIsSilent).isEmpty();
        assertThat(catchUp.problem()).hasValueSatisfying(it -> assertThat(it).contains("partitions [1]"));
        assertThat(catchUp.seriousProblem()).isPresent().isEqualTo(catchUp.problem());
    }

    @Test
    void shouldHaveASeriousProblemUntilAllHasBeenRead() {
        // when
        answer(0, 0);
        catchUp.readTo(0, 0);

        // then
        assertThat(catchUp.seriousProblem()).hasValue("are still being read");
        assertThat(catchUp.isCurrent(0)).isTrue();
    }

    private void becomeCurrent() {
        long askedNanos = catchUp.queryStarted();
        for (int partition = 0; partition < 2; partition++) {
            catchUp.queryAnswered(partition, 0, askedNanos);
            catchUp.readTo(partition, 0);
        }
        assertThat(catchUp.isCurrent()).isTrue();
    }

    /** Queries both partitions; only one is answered. */
    private void answer(int partition, long end) {
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

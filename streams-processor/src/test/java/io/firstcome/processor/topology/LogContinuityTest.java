package io.firstcome.processor.topology;

import static io.firstcome.testkit.fixture.CouponFixture.COUPON;
import static io.firstcome.testkit.fixture.CouponFixture.at;
import static io.firstcome.testkit.fixture.CouponFixture.couponWithStock;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import io.firstcome.contract.CouponState;
import io.firstcome.contract.id.CouponId;
import io.firstcome.processor.continuity.AcceptedLoss;
import io.firstcome.processor.continuity.LogContinuity;
import io.firstcome.processor.continuity.LogPosition;
import io.firstcome.processor.continuity.LostState;
import io.firstcome.processor.continuity.PartitionFacts;
import io.firstcome.processor.continuity.StoredCoupons;

/** What a task notices about its partition while it runs. LostStateTest covers its start. */
class LogContinuityTest {

    private final TopologyRun run = new TopologyRun();
    private final Facts facts = new Facts();
    private final LogContinuity continuity = new LogContinuity(run.store(CouponTopology.LOG_POSITION), new NoCoupons(),
            facts, AcceptedLoss.NONE, 0);

    @AfterEach
    void close() {
        run.close();
    }

    @Test
    void shouldStoreThePositionWithEachCommand() {
        // given
        continuity.check();

        // when
        boolean first = continuity.isNext(0);
        boolean repeated = continuity.isNext(0);
        boolean second = continuity.isNext(1);

        // then
        assertThat(List.of(first, repeated, second)).containsExactly(true, false, true);
        assertThat(run.<LogPosition>store(CouponTopology.LOG_POSITION).get(LogContinuity.KEY))
                .isEqualTo(new LogPosition("id", 2));
    }

    @Test
    void shouldPassOffsetsWithoutCommands() {
        // given
        continuity.check();
        continuity.isNext(0);

        // when
        boolean afterMarkers = continuity.isNext(3);

        // then
        assertThat(afterMarkers).isTrue();
    }

    @Test
    void shouldStopWhenCommandsExpireWhileItRuns() {
        // given
        continuity.check();
        continuity.isNext(0);

        // when
        facts.first = 3;

        // then
        assertThatThrownBy(() -> continuity.isNext(3)).isInstanceOf(LostState.class)
                .hasMessageContaining("offset 1 to 2 were deleted before they were decided");
    }

    @Test
    void shouldStopWhenTheGroupSkipsACommand() {
        // given
        continuity.check();
        continuity.isNext(0);

        // when
        facts.undecided = OptionalLong.of(1);

        // then
        assertThatThrownBy(() -> continuity.isNext(2)).isInstanceOf(LostState.class)
                .hasMessageContaining("do not have the decision on the command at offset 1");
    }

    @Test
    void shouldStopWhenTheTopicIsRecreatedWhileItRuns() {
        // given
        continuity.check();
        continuity.isNext(0);

        // when
        facts.topicId = "other";

        // then
        assertThatThrownBy(() -> continuity.isNext(0)).isInstanceOf(LostState.class)
                .hasMessageContaining("its id was id and is other");
    }

    /** After the loss of the end, new commands get offsets that were decided before. */
    @Test
    void shouldStopWhenTheEndOfTheLogWasLost() {
        // given
        run.<LogPosition>store(CouponTopology.LOG_POSITION).put(LogContinuity.KEY, new LogPosition("id", 50));

        // when
        facts.end = 40;

        // then
        assertThatThrownBy(continuity::check).isInstanceOf(LostState.class)
                .hasMessageContaining("have lost the end of coupon-commands");
    }

    @Test
    void shouldStopWhenTheEndOfTheLogIsLostWhileItRuns() {
        // given
        continuity.check();
        continuity.isNext(0);

        // when
        facts.end = 0;

        // then
        assertThatThrownBy(() -> continuity.isNext(0)).isInstanceOf(LostState.class)
                .hasMessageContaining("have lost the end of coupon-commands");
    }

    @Test
    void shouldStopWhenRevocationsAreLost() {
        // given
        run.<LogPosition>store(CouponTopology.LOG_POSITION).put(LogContinuity.KEY, new LogPosition("id", 0));
        facts.published = List.of(published(couponWithStock(3).withIssued(3).withRevoked(1)));
        var behind = new LogContinuity(run.store(CouponTopology.LOG_POSITION),
                new OneCoupon(couponWithStock(3).withIssued(3), new ArrayList<>()), facts, AcceptedLoss.NONE, 0);

        // then
        assertThatThrownBy(behind::check).isInstanceOf(LostState.class).hasMessageContaining(
                "coupon c1 at version 1 with 3 issues, 1 of them revoked, the stores have version 1 with 3 issues")
                .hasMessageContaining("FIRSTCOME_ACCEPT_LOST_COUPONS=c1");
    }

    /** The counts of an accepted coupon are the largest of both, so that no sequence is issued again. */
    @Test
    void shouldContinueWithTheLargestCounts() {
        // given
        run.<LogPosition>store(CouponTopology.LOG_POSITION).put(LogContinuity.KEY, new LogPosition("id", 0));
        facts.published = List.of(published(couponWithStock(3).withIssued(3).withRevoked(2).withIssued(5)));
        CouponState stored = couponWithStock(3).withIssued(3).withRevoked(1);
        List<CouponState> adopted = new ArrayList<>();
        var accepting = new LogContinuity(run.store(CouponTopology.LOG_POSITION),
                new OneCoupon(stored, adopted), facts, new AcceptedLoss(Set.of(COUPON), "id"), 0);

        // when
        accepting.check();
        accepting.storeAccepted();

        // then
        assertThat(adopted).containsExactly(couponWithStock(3).withIssued(3).withRevoked(2).withIssued(5));
    }

    private static PartitionFacts.PublishedState published(CouponState state) {
        return new PartitionFacts.PublishedState(state, at(1));
    }

    private static final class Facts implements PartitionFacts {

        private String topicId = "id";
        private long first;
        private long end = 100;
        private OptionalLong undecided = OptionalLong.empty();
        private List<PublishedState> published = List.of();

        @Override
        public String commandsTopicId() {
            return topicId;
        }

        @Override
        public long firstCommand(int partition) {
            return first;
        }

        @Override
        public long endOfCommands(int partition) {
            return end;
        }

        @Override
        public OptionalLong commandBetween(int partition, long from, long to) {
            return undecided;
        }

        @Override
        public Collection<PublishedState> publishedStates(int partition) {
            return published;
        }

        @Override
        public long lastSequence(int partition, CouponId couponId) {
            return 0;
        }
    }

    private record NoCoupons() implements StoredCoupons {

        @Override
        public boolean isEmpty() {
            return true;
        }

        @Override
        public Optional<CouponState> state(CouponId couponId) {
            return Optional.empty();
        }

        @Override
        public boolean hasHolders(CouponId couponId) {
            return false;
        }

        @Override
        public void adopt(PartitionFacts.PublishedState published) {
            throw new UnsupportedOperationException();
        }
    }

    /** @param adopted receives the states that replace the stored one */
    private record OneCoupon(CouponState stored, List<CouponState> adopted) implements StoredCoupons {

        @Override
        public boolean isEmpty() {
            return false;
        }

        @Override
        public Optional<CouponState> state(CouponId couponId) {
            return Optional.of(stored);
        }

        @Override
        public boolean hasHolders(CouponId couponId) {
            return true;
        }

        @Override
        public void adopt(PartitionFacts.PublishedState published) {
            adopted.add(published.state());
        }
    }
}

package io.firstcome.processor.topology;

import static io.firstcome.contract.CouponStatus.ACTIVE;
import static io.firstcome.testkit.fixture.CouponFixture.COUPON;
import static io.firstcome.testkit.fixture.CouponFixture.at;
import static io.firstcome.testkit.fixture.CouponFixture.couponWithStock;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import io.firstcome.contract.CouponState;
import io.firstcome.contract.id.CouponId;
import io.firstcome.kit.service.BuildVersion;
import io.firstcome.processor.continuity.AcceptedLoss;
import io.firstcome.processor.continuity.LogContinuity;
import io.firstcome.processor.continuity.LogPosition;
import io.firstcome.processor.continuity.LostState;
import io.firstcome.processor.continuity.NewerData;
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
    void shouldRefuseAGroupOffsetBehindUndecidedCommands() {
        // given
        facts.groupOffset = OptionalLong.of(7);
        facts.undecided = OptionalLong.of(3);

        // then
        assertThatThrownBy(continuity::check).isInstanceOf(LostState.class)
                .hasMessageContaining("the group's offset is 7")
                .hasMessageContaining("do not have the decision on the command at offset 3");
    }

    @Test
    void shouldContinueAtTheOffsetOfTheGroupWhenThatIsAccepted() {
        // given
        facts.groupOffset = OptionalLong.of(7);
        facts.undecided = OptionalLong.of(3);
        var accepting = new LogContinuity(run.store(CouponTopology.LOG_POSITION), new NoCoupons(), facts,
                new AcceptedLoss(Set.of(), "id"), 0);

        // when
        accepting.check();
        accepting.storeAccepted();

        // then
        assertThat(run.<LogPosition>store(CouponTopology.LOG_POSITION).get(LogContinuity.KEY))
                .isEqualTo(new LogPosition("id", 7));
    }

    /** A transaction ends with a marker, which has an offset and is no command. */
    @Test
    void shouldContinueWhereTheGroupHasPassedMarkersOnly() {
        // given
        facts.groupOffset = OptionalLong.of(3);

        // when
        continuity.check();

        // then
        facts.undecided = OptionalLong.of(2);
        assertThat(continuity.isNext(3)).isTrue();
    }

    @Test
    void shouldRefuseStoresOfANewerFormat() {
        // given
        run.<LogPosition>store(CouponTopology.LOG_POSITION).put("format", new LogPosition("7.1.0", 3));

        // then
        assertThatThrownBy(continuity::check).isInstanceOf(NewerData.class)
                .hasMessageStartingWith("partition 0: the stores are in format 3, which version 7.1.0 wrote; this is")
                .hasMessageContaining("which reads up to format 2. Start version 7.1.0 or a later one");
    }

    @Test
    void shouldKeepTheFormatThatTheStoresNeed() {
        // given
        continuity.check();
        CouponState ofFirstRelease = couponWithStock(3).withIssued(3);
        var format = run.<LogPosition>store(CouponTopology.LOG_POSITION);

        // when
        continuity.stored(ofFirstRelease);
        LogPosition before = format.get("format");
        continuity.stored(ofFirstRelease.withRevoked(1));
        continuity.stored(ofFirstRelease);

        // then
        assertThat(before).as("an earlier version can read the stores").isNull();
        assertThat(format.get("format")).isEqualTo(new LogPosition(BuildVersion.current().version(), 2));
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

    @Test
    void shouldGoOnWhenEveryIssueIsStored() {
        // given
        LogContinuity complete = continuity(couponWithStock(5).withIssued(3).withRevoked(1), AcceptedLoss.NONE,
                new ArrayList<>(), ofUser(2, 1, 3), ofUser(1, 0, 2));

        // when
        boolean counts = complete.startCount();

        // then
        assertThat(counts).isTrue();
        await().until(complete::checkCount);
        assertThat(complete.isAccepting()).isFalse();
    }

    @Test
    void shouldStopWhenSomeHoldersAreLost() {
        // given
        LogContinuity partial = continuity(couponWithStock(5).withIssued(3).withRevoked(1), AcceptedLoss.NONE,
                new ArrayList<>(), ofUser(1, 0, 1), ofUser(1, 0, 3));

        // when
        partial.startCount();

        // then
        assertThatThrownBy(() -> await().until(partial::checkCount)).isInstanceOf(LostState.class)
                .hasMessageContaining(
                        "coupon c1 counts 3 issues, 1 of them revoked, and the stores have 2 issues, 0 of")
                .hasMessageContaining("FIRSTCOME_ACCEPT_LOST_COUPONS=c1");
    }

    /** The stores may also have lost the last counts, and no sequence may be given twice. */
    @Test
    void shouldContinueBehindTheGreatestStoredSequence() {
        // given
        List<CouponState> adopted = new ArrayList<>();
        LogContinuity accepting = continuity(couponWithStock(9).withIssued(3),
                new AcceptedLoss(Set.of(COUPON), ""), adopted, ofUser(1, 0, 3), ofUser(1, 0, 5));

        // when
        accepting.startCount();
        await().until(accepting::checkCount);
        accepting.storeAccepted();

        // then
        assertThat(adopted).containsExactly(couponWithStock(9).withIssued(5));
        LogContinuity next = continuity(couponWithStock(9).withIssued(5), AcceptedLoss.NONE, adopted);
        assertThat(next.startCount()).as("an accepted coupon is counted again").isFalse();
    }

    /** With two more issues than the counts say, one was revoked: four are the stock. */
    @Test
    void shouldContinueASoldOutCouponBehindItsGreatestSequence() {
        // given
        List<CouponState> adopted = new ArrayList<>();
        LogContinuity accepting = continuity(couponWithStock(4).withIssued(3),
                new AcceptedLoss(Set.of(COUPON), ""), adopted, ofUser(1, 0, 3), ofUser(1, 0, 5));

        // when
        accepting.startCount();
        await().until(accepting::checkCount);
        accepting.storeAccepted();

        // then
        assertThat(adopted).containsExactly(new CouponState(couponWithStock(4).definition(), ACTIVE, 1, 5, 1));
    }

    private static StoredCoupons.StoredIssues.OfUser ofUser(int issued, int revoked, long greatest) {
        return new StoredCoupons.StoredIssues.OfUser(COUPON.value(), issued, revoked, greatest);
    }

    private LogContinuity continuity(CouponState stored, AcceptedLoss accepted, List<CouponState> adopted,
            StoredCoupons.StoredIssues.OfUser... users) {
        run.<LogPosition>store(CouponTopology.LOG_POSITION).put(LogContinuity.KEY, new LogPosition("id", 0));
        var counting = new LogContinuity(run.store(CouponTopology.LOG_POSITION),
                new OneCoupon(stored, List.of(users), adopted), facts, accepted, 0);
        counting.check();
        return counting;
    }

    private static PartitionFacts.PublishedState published(CouponState state) {
        return new PartitionFacts.PublishedState(state, at(1));
    }

    private static final class Facts implements PartitionFacts {

        private String topicId = "id";
        private long first;
        private long end = 100;
        private OptionalLong groupOffset = OptionalLong.empty();
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
        public OptionalLong groupOffset(int partition) {
            return groupOffset;
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
        public void forEachState(Consumer<CouponState> visitor) {}

        @Override
        public boolean hasHolders(CouponId couponId) {
            return false;
        }

        @Override
        public StoredIssues issues() {
            throw new UnsupportedOperationException();
        }

        @Override
        public void adopt(PartitionFacts.PublishedState published) {
            throw new UnsupportedOperationException();
        }
    }

    /**
     * @param users the issues of each user
     * @param adopted receives the states that replace the stored one
     */
    private record OneCoupon(CouponState stored, List<StoredIssues.OfUser> users, List<CouponState> adopted)
            implements
                StoredCoupons {

        OneCoupon(CouponState stored, List<CouponState> adopted) {
            this(stored, List.of(), adopted);
        }

        @Override
        public boolean isEmpty() {
            return false;
        }

        @Override
        public Optional<CouponState> state(CouponId couponId) {
            return Optional.of(stored);
        }

        @Override
        public void forEachState(Consumer<CouponState> visitor) {
            visitor.accept(stored);
        }

        @Override
        public boolean hasHolders(CouponId couponId) {
            return true;
        }

        @Override
        public StoredIssues issues() {
            Iterator<StoredIssues.OfUser> all = users.iterator();
            return new StoredIssues() {

                @Override
                public boolean hasNext() {
                    return all.hasNext();
                }

                @Override
                public OfUser next() {
                    return all.next();
                }

                @Override
                public void close() {}
            };
        }

        @Override
        public void adopt(PartitionFacts.PublishedState published) {
            adopted.add(published.state());
        }
    }
}

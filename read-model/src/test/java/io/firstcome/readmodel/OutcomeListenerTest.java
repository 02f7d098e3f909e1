package io.firstcome.readmodel;

import static io.firstcome.testkit.fixture.CouponFixture.COUPON;
import static io.firstcome.testkit.fixture.CouponFixture.at;
import static io.firstcome.testkit.fixture.CouponFixture.couponWithStock;
import static io.firstcome.testkit.fixture.CouponFixture.requestId;
import static io.firstcome.testkit.fixture.CouponFixture.userId;
import static io.firstcome.testkit.fixture.OutcomeFixture.issued;
import static io.firstcome.testkit.fixture.OutcomeFixture.rejected;
import static io.firstcome.testkit.fixture.OutcomeFixture.revoked;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import io.firstcome.contract.CouponOutcome;
import io.firstcome.contract.CouponState;
import io.firstcome.contract.RejectionReason;
import io.firstcome.kit.metrics.Meters;
import io.firstcome.readmodel.coupons.CouponChangeNotifier;
import io.firstcome.readmodel.coupons.CouponHolders;
import io.firstcome.readmodel.coupons.CouponRegistry;
import io.firstcome.readmodel.events.EventBuffers;
import io.firstcome.readmodel.events.EventSettings;
import io.firstcome.readmodel.requests.RequestSettings;
import io.firstcome.readmodel.requests.RequestTracker;
import io.firstcome.readmodel.tail.ConsumedRecord;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

class OutcomeListenerTest {

    private static final long LONG_TIMEOUT_NANOS = Duration.ofDays(1).toNanos();

    private final CouponChangeNotifier changes = new CouponChangeNotifier(Runnable::run);
    private final CouponRegistry registry = new CouponRegistry(changes::wakeAll);
    private final RequestTracker tracker = new RequestTracker(RequestSettings.from(Map.of()), System::nanoTime,
            (_, _) -> {});
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final UnknownClaims unknown = new UnknownClaims(coupon -> 0, 1);
    private Instant now = at(0);
    private final OutcomeListener listener = new OutcomeListener(registry, new CouponHolders(10), changes,
            new EventBuffers(EventSettings.from(Map.of()), coupon -> 0), tracker, unknown,
            new AnswerDelay(() -> now, meters));
    private long offset;

    @BeforeEach
    void define() {
        listener.startsAt(0, 0);
        registry.apply(couponWithStock(2));
    }

    @Test
    void shouldPassIssueToRegistryAndTracker() {
        // when
        read(issued("r1", "u1", 1, at(1)));

        // then
        assertThat(registry.find(COUPON)).map(CouponState::issued).contains(1L);
        assertThat(tracker.find(COUPON, requestId("r1"), userId("u1"))).isPresent();
    }

    @Test
    void shouldTellHowFarTheAuthorityIs() {
        // given
        unknown.leftOut(0, at(2));
        read(rejected("r1", "u1", RejectionReason.PAUSED, at(3)), at(1));
        assertThat(unknown.mayBeUndecided(COUPON)).as("by the time of the record").isTrue();

        // when
        read(rejected("r2", "u2", RejectionReason.PAUSED, at(3)), at(2));

        // then
        assertThat(unknown.mayBeUndecided(COUPON)).isFalse();
    }

    @Test
    @Timeout(60)
    void shouldWakeOneWaiterAfterRejection() throws InterruptedException {
        // given
        try (CouponChangeNotifier.Waiter waiter = changes.register(COUPON)) {

            // when
            read(rejected("r1", "u1", RejectionReason.PAUSED, at(1)));

            // then
            waiter.await(LONG_TIMEOUT_NANOS);
        }
    }

    @Test
    @Timeout(60)
    void shouldFreeThePlaceOfARevokedCoupon() throws InterruptedException {
        // given
        read(issued("r1", "u1", 1, at(1)));
        try (CouponChangeNotifier.Waiter waiter = changes.register(COUPON)) {

            // when
            read(revoked("d1", "u1", 1, "r1", 1, at(2)));

            // then
            waiter.await(LONG_TIMEOUT_NANOS);
            assertThat(registry.find(COUPON)).map(CouponState::held).contains(0L);
        }
    }

    @Test
    void shouldPassEndOfCouponToRegistry() {
        // given
        CouponState state = couponWithStock(2);
        read(rejected("r1", "u1", RejectionReason.PAUSED, state.definition().closesAt()));
        assertThat(registry.isEndDecided(state)).isFalse();

        // when
        read(rejected("r2", "u2", RejectionReason.ENDED, state.definition().closesAt()));

        // then
        assertThat(registry.isEndDecided(state)).isTrue();
    }

    @Test
    void shouldMeasureDelayOfNewOutcomesOnly() {
        // given
        Timer delays = meters.get(Meters.ANSWER_DELAY.name()).timer();
        now = at(3);

        // when
        read(issued("r1", "u1", 1, at(-1)), at(-1));
        read(issued("r2", "u2", 2, at(1)), at(1));
        read(rejected("r3", "u3", RejectionReason.SOLD_OUT, at(4)), at(4));

        // then
        assertThat(delays.count()).isEqualTo(2);
        assertThat(delays.totalTime(TimeUnit.SECONDS)).isEqualTo(2);
    }

    private void read(CouponOutcome outcome) {
        read(outcome, Instant.EPOCH);
    }

    private void read(CouponOutcome outcome, Instant appendedAt) {
        listener.read(new ConsumedRecord<>(outcome, 0, offset++, appendedAt));
    }
}

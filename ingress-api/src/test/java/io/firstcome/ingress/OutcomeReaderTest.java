package io.firstcome.ingress;

import static io.firstcome.testkit.fixture.CouponFixture.COUPON;
import static io.firstcome.testkit.fixture.CouponFixture.at;
import static io.firstcome.testkit.fixture.CouponFixture.couponWithStock;
import static io.firstcome.testkit.fixture.CouponFixture.requestId;
import static io.firstcome.testkit.fixture.OutcomeFixture.issued;
import static io.firstcome.testkit.fixture.OutcomeFixture.rejected;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import io.firstcome.contract.CouponOutcome;
import io.firstcome.contract.CouponState;
import io.firstcome.contract.RejectionReason;
import io.firstcome.ingress.events.CouponFeeds;
import io.firstcome.ingress.events.EventSettings;
import io.firstcome.ingress.kafka.Read;
import io.firstcome.ingress.registry.CouponMoves;
import io.firstcome.ingress.registry.CouponRegistry;
import io.firstcome.ingress.verdict.VerdictBoard;
import io.firstcome.ingress.verdict.VerdictSettings;

class OutcomeReaderTest {

    private static final long FOR_EVER = Duration.ofDays(1).toNanos();

    private final CouponMoves moves = new CouponMoves(Runnable::run);
    private final CouponRegistry registry = new CouponRegistry(moves::changed);
    private final VerdictBoard board = new VerdictBoard(VerdictSettings.from(Map.of()), System::nanoTime);
    private final OutcomeReader reader = new OutcomeReader(registry, moves,
            new CouponFeeds(EventSettings.from(Map.of()), coupon -> 0), board);
    private long offset;

    @BeforeEach
    void define() {
        reader.startsAt(0, 0);
        registry.learn(couponWithStock(2));
    }

    @Test
    void shouldCountAnIssueAndTellWhoeverAsksForIt() {
        // when
        read(issued("r1", "u1", 1, at(1)));

        // then
        assertThat(registry.find(COUPON)).map(CouponState::issued).contains(1L);
        assertThat(board.find(COUPON, requestId("r1"))).isPresent();
    }

    @Test
    @Timeout(60)
    void shouldCallOneOfThoseWhoWaitWhenARejectionFreesAPlace() throws InterruptedException {
        try (CouponMoves.Place place = moves.join(COUPON)) {
            // when
            read(rejected("r1", "u1", RejectionReason.PAUSED, at(1)));

            // then
            place.await(FOR_EVER);
        }
    }

    @Test
    void shouldTakeNoteThatTheLogHasComeToTheEnd() {
        // given
        CouponState state = couponWithStock(2);
        read(rejected("r1", "u1", RejectionReason.PAUSED, state.definition().closesAt()));
        assertThat(registry.hasEndedInTheLog(state)).isFalse();

        // when
        read(rejected("r2", "u2", RejectionReason.ENDED, state.definition().closesAt()));

        // then
        assertThat(registry.hasEndedInTheLog(state)).isTrue();
    }

    private void read(CouponOutcome outcome) {
        reader.read(new Read<>(outcome, 0, offset++, Instant.EPOCH));
    }
}

package io.firstcome.processor.issuance;

import static io.firstcome.testkit.fixture.CouponFixture.CLOSES_AT;
import static io.firstcome.testkit.fixture.CouponFixture.COUPON;
import static io.firstcome.testkit.fixture.CouponFixture.OPENS_AT;
import static io.firstcome.testkit.fixture.CouponFixture.at;
import static io.firstcome.testkit.fixture.CouponFixture.close;
import static io.firstcome.testkit.fixture.CouponFixture.define;
import static io.firstcome.testkit.fixture.CouponFixture.issue;
import static io.firstcome.testkit.fixture.CouponFixture.pause;
import static io.firstcome.testkit.fixture.CouponFixture.resume;
import static io.firstcome.testkit.fixture.CouponFixture.userId;
import static io.firstcome.testkit.fixture.OutcomeFixture.alreadyIssued;
import static io.firstcome.testkit.fixture.OutcomeFixture.issued;
import static io.firstcome.testkit.fixture.OutcomeFixture.notStarted;
import static io.firstcome.testkit.fixture.OutcomeFixture.rejected;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.firstcome.contract.CouponCommand;
import io.firstcome.contract.CouponDefinition;
import io.firstcome.contract.CouponOutcome;
import io.firstcome.contract.RejectionReason;

class IssueRulesTest {

    private static final Instant LONG_BEFORE = OPENS_AT.minusSeconds(3600);
    private static final Instant LAST_MOMENT = CLOSES_AT.minusMillis(1);

    private final PolicyOverMaps authority = new PolicyOverMaps();

    @Test
    void shouldIssueSequencesWithoutGaps() {
        givenStock(3);

        assertThat(whenClaims("r1", "alice", at(1))).isEqualTo(issued("r1", "alice", 1, at(1)));
        assertThat(whenClaims("r2", "bob", at(2))).isEqualTo(issued("r2", "bob", 2, at(2)));
        assertThat(whenClaims("r3", "carol", at(2))).isEqualTo(issued("r3", "carol", 3, at(2)));
    }

    @Test
    void shouldRejectUnknownCoupon() {
        assertThat(whenClaims("r1", "alice", at(1)))
                .isEqualTo(rejected("r1", "alice", RejectionReason.UNKNOWN_COUPON, at(1)));
    }

    @Test
    void shouldRejectSecondRequestFromSameUser() {
        // given
        givenStock(3);
        whenClaims("r0", "bob", at(1));
        whenClaims("r1", "alice", at(2));

        // when
        CouponOutcome second = whenClaims("r2", "alice", at(3));

        // then
        assertThat(second).isEqualTo(alreadyIssued("r2", "alice", 2, at(3)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"nothing", "pause", "close", "end", "sell out"})
    void shouldTellAHolderTheSameWhateverHasHappenedSince(String event) {
        // given
        givenStock(2);
        whenClaims("r1", "alice", at(1));
        Instant later = givenEvent(event);

        // when
        CouponOutcome repeated = whenClaims("r1", "alice", later);
        CouponOutcome another = whenClaims("r2", "alice", later);

        // then
        assertThat(repeated).isEqualTo(issued("r1", "alice", 1, at(1)));
        assertThat(another).isEqualTo(alreadyIssued("r2", "alice", 1, later));
    }

    @Test
    void shouldRejectWhilePausedAndIssueOnceResumed() {
        givenStock(1);
        given(at(1), pause("a1"));

        assertThat(whenClaims("r1", "alice", at(2)))
                .isEqualTo(rejected("r1", "alice", RejectionReason.PAUSED, at(2)));

        given(at(3), resume("a2"));
        assertThat(whenClaims("r2", "alice", at(4))).isEqualTo(issued("r2", "alice", 1, at(4)));
    }

    @Test
    void shouldSayPausedBeforeAnythingAboutTheWindow() {
        givenStock(1);
        given(LONG_BEFORE, pause("a1"));

        assertThat(whenClaims("r1", "alice", at(-1))).extracting("reason").isEqualTo(RejectionReason.PAUSED);
        assertThat(whenClaims("r2", "alice", CLOSES_AT)).extracting("reason").isEqualTo(RejectionReason.PAUSED);
    }

    @Test
    void shouldSayEndedOfAClosedCouponThatHasNotOpened() {
        givenStock(1);
        given(at(-10), close("a1"));

        assertThat(whenClaims("r1", "alice", at(-5)))
                .isEqualTo(rejected("r1", "alice", RejectionReason.ENDED, at(-5)));
    }

    @Test
    void shouldOpenAtOpensAtAndNotAMomentSooner() {
        givenStock(1);

        assertThat(whenClaims("r1", "alice", OPENS_AT.minusMillis(1)))
                .isEqualTo(notStarted("r1", "alice", OPENS_AT.minusMillis(1)));
        assertThat(whenClaims("r2", "alice", OPENS_AT)).isEqualTo(issued("r2", "alice", 1, OPENS_AT));
    }

    @Test
    void shouldEndAtClosesAtAndNotAMomentSooner() {
        givenStock(2);

        assertThat(whenClaims("r1", "alice", LAST_MOMENT)).isEqualTo(issued("r1", "alice", 1, LAST_MOMENT));
        assertThat(whenClaims("r2", "bob", CLOSES_AT))
                .isEqualTo(rejected("r2", "bob", RejectionReason.ENDED, CLOSES_AT));
    }

    @Test
    void shouldSayEndedOfASoldOutCouponThatIsOver() {
        givenStock(1);
        whenClaims("r1", "alice", at(1));

        assertThat(whenClaims("r2", "bob", CLOSES_AT)).extracting("reason").isEqualTo(RejectionReason.ENDED);
    }

    @Test
    void shouldSellOutAndGoOnAfterARestock() {
        givenStock(1);
        whenClaims("r1", "alice", at(1));

        assertThat(whenClaims("r2", "bob", at(2))).isEqualTo(rejected("r2", "bob", RejectionReason.SOLD_OUT, at(2)));

        given(at(3), define("a2", 2));
        assertThat(whenClaims("r3", "bob", at(4))).isEqualTo(issued("r3", "bob", 2, at(4)));
    }

    @Test
    void shouldNotLetTimeRunBackwardsAfterAnIssue() {
        givenStock(2);
        whenClaims("r1", "alice", at(10));

        assertThat(whenClaims("r2", "bob", at(-3600))).isEqualTo(issued("r2", "bob", 2, at(10)));
    }

    @Test
    void shouldNotLetAnEarlierRecordWinAfterSomeoneWasToldThatItEnded() {
        givenStock(2);
        whenClaims("r1", "alice", CLOSES_AT);

        assertThat(whenClaims("r2", "bob", LAST_MOMENT))
                .isEqualTo(rejected("r2", "bob", RejectionReason.ENDED, CLOSES_AT));
    }

    @Test
    void shouldNotLetAnEarlierRecordWinAfterAnExtensionOfAnEndedWindow() {
        // given
        givenStock(2);
        whenClaims("r1", "alice", CLOSES_AT.plusSeconds(100));
        given(CLOSES_AT, define("a2", extendedTo(CLOSES_AT.plusSeconds(50))));

        // when
        CouponOutcome outcome = whenClaims("r2", "bob", CLOSES_AT.plusSeconds(10));

        // then
        assertThat(outcome).isEqualTo(rejected("r2", "bob", RejectionReason.ENDED, CLOSES_AT.plusSeconds(100)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ALREADY_ISSUED", "PAUSED", "NOT_STARTED", "SOLD_OUT"})
    void shouldChangeNothingThatIsStoredByARejection(RejectionReason reason) {
        // given
        givenStock(1);
        Instant time = givenReasonToReject(reason);
        CouponSnapshot before = authority.snapshot(COUPON, Optional.of(userId("alice")));

        // when
        CouponOutcome outcome = IssuancePolicy.decide(before, issue("r9", "alice"), time);

        // then
        assertThat(outcome).extracting("reason").isEqualTo(reason);
        assertThat(before.after(outcome)).isEqualTo(before);
    }

    private void givenStock(long stock) {
        given(LONG_BEFORE, define("a0", stock));
    }

    private CouponOutcome given(Instant time, CouponCommand command) {
        return authority.decide(time, command);
    }

    private Instant givenEvent(String event) {
        return switch (event) {
            case "pause" -> given(at(2), pause("a1")).decidedAt();
            case "close" -> given(at(2), close("a1")).decidedAt();
            case "sell out" -> given(at(2), issue("r0", "bob")).decidedAt();
            case "end" -> CLOSES_AT;
            default -> at(2);
        };
    }

    private Instant givenReasonToReject(RejectionReason reason) {
        return switch (reason) {
            case ALREADY_ISSUED -> given(at(1), issue("r1", "alice")).decidedAt().plusSeconds(1);
            case PAUSED -> given(at(1), pause("a1")).decidedAt().plusSeconds(1);
            case SOLD_OUT -> given(at(1), issue("r1", "bob")).decidedAt().plusSeconds(1);
            case NOT_STARTED -> at(-1);
            case UNKNOWN_COUPON, ENDED -> throw new IllegalArgumentException(reason.name());
        };
    }

    private CouponOutcome whenClaims(String request, String user, Instant time) {
        return authority.decide(time, issue(request, user));
    }

    private static CouponDefinition extendedTo(Instant closesAt) {
        return new CouponDefinition(COUPON, "Coffee on the house", 2, OPENS_AT, closesAt);
    }
}

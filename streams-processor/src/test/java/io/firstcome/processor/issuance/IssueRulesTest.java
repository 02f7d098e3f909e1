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
import java.util.List;
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
        // given
        givenStock(3);

        // when
        List<CouponOutcome> outcomes = List.of(claim("r1", "alice", at(1)), claim("r2", "bob", at(2)),
                claim("r3", "carol", at(2)));

        // then
        assertThat(outcomes).containsExactly(issued("r1", "alice", 1, at(1)), issued("r2", "bob", 2, at(2)),
                issued("r3", "carol", 3, at(2)));
    }

    @Test
    void shouldRejectUnknownCoupon() {
        // when
        CouponOutcome outcome = claim("r1", "alice", at(1));

        // then
        assertThat(outcome).isEqualTo(rejected("r1", "alice", RejectionReason.UNKNOWN_COUPON, at(1)));
    }

    @Test
    void shouldRejectSecondRequestFromSameUser() {
        // given
        givenStock(3);
        claim("r0", "bob", at(1));
        claim("r1", "alice", at(2));

        // when
        CouponOutcome second = claim("r2", "alice", at(3));

        // then
        assertThat(second).isEqualTo(alreadyIssued("r2", "alice", 2, at(3)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"nothing", "pause", "close", "end", "sell out"})
    void shouldAnswerHolderTheSameAfterAnyEvent(String event) {
        // given
        givenStock(2);
        claim("r1", "alice", at(1));
        Instant later = givenEvent(event);

        // when
        CouponOutcome repeated = claim("r1", "alice", later);
        CouponOutcome another = claim("r2", "alice", later);

        // then
        assertThat(repeated).isEqualTo(issued("r1", "alice", 1, at(1)));
        assertThat(another).isEqualTo(alreadyIssued("r2", "alice", 1, later));
    }

    @Test
    void shouldRejectWhilePausedAndIssueAfterResume() {
        // given
        givenStock(1);
        decide(at(1), pause("a1"));

        // when
        CouponOutcome whilePaused = claim("r1", "alice", at(2));
        decide(at(3), resume("a2"));
        CouponOutcome resumed = claim("r2", "alice", at(4));

        // then
        assertThat(whilePaused).isEqualTo(rejected("r1", "alice", RejectionReason.PAUSED, at(2)));
        assertThat(resumed).isEqualTo(issued("r2", "alice", 1, at(4)));
    }

    @Test
    void shouldCheckPausedBeforeTheWindow() {
        // given
        givenStock(1);
        decide(LONG_BEFORE, pause("a1"));

        // when
        CouponOutcome beforeOpening = claim("r1", "alice", at(-1));
        CouponOutcome afterClosing = claim("r2", "alice", CLOSES_AT);

        // then
        assertThat(beforeOpening).extracting("reason").isEqualTo(RejectionReason.PAUSED);
        assertThat(afterClosing).extracting("reason").isEqualTo(RejectionReason.PAUSED);
    }

    @Test
    void shouldRejectAsEndedWhenClosedBeforeOpening() {
        // given
        givenStock(1);
        decide(at(-10), close("a1"));

        // when
        CouponOutcome outcome = claim("r1", "alice", at(-5));

        // then
        assertThat(outcome).isEqualTo(rejected("r1", "alice", RejectionReason.ENDED, at(-5)));
    }

    @Test
    void shouldOpenExactlyAtOpensAt() {
        // given
        givenStock(1);

        // when
        CouponOutcome before = claim("r1", "alice", OPENS_AT.minusMillis(1));
        CouponOutcome at = claim("r2", "alice", OPENS_AT);

        // then
        assertThat(before).isEqualTo(notStarted("r1", "alice", OPENS_AT.minusMillis(1)));
        assertThat(at).isEqualTo(issued("r2", "alice", 1, OPENS_AT));
    }

    @Test
    void shouldEndExactlyAtClosesAt() {
        // given
        givenStock(2);

        // when
        CouponOutcome before = claim("r1", "alice", LAST_MOMENT);
        CouponOutcome at = claim("r2", "bob", CLOSES_AT);

        // then
        assertThat(before).isEqualTo(issued("r1", "alice", 1, LAST_MOMENT));
        assertThat(at).isEqualTo(rejected("r2", "bob", RejectionReason.ENDED, CLOSES_AT));
    }

    @Test
    void shouldCheckTheEndBeforeSoldOut() {
        // given
        givenStock(1);
        claim("r1", "alice", at(1));

        // when
        CouponOutcome outcome = claim("r2", "bob", CLOSES_AT);

        // then
        assertThat(outcome).extracting("reason").isEqualTo(RejectionReason.ENDED);
    }

    @Test
    void shouldSellOutAndContinueAfterRestock() {
        // given
        givenStock(1);
        claim("r1", "alice", at(1));

        // when
        CouponOutcome whileSoldOut = claim("r2", "bob", at(2));
        decide(at(3), define("a2", 2));
        CouponOutcome restocked = claim("r3", "bob", at(4));

        // then
        assertThat(whileSoldOut).isEqualTo(rejected("r2", "bob", RejectionReason.SOLD_OUT, at(2)));
        assertThat(restocked).isEqualTo(issued("r3", "bob", 2, at(4)));
    }

    @Test
    void shouldKeepTimeMonotoneAfterIssue() {
        // given
        givenStock(2);
        claim("r1", "alice", at(10));

        // when
        CouponOutcome outcome = claim("r2", "bob", at(-3600));

        // then
        assertThat(outcome).isEqualTo(issued("r2", "bob", 2, at(10)));
    }

    @Test
    void shouldNotIssueEarlierRecordAfterEnd() {
        // given
        givenStock(2);
        claim("r1", "alice", CLOSES_AT);

        // when
        CouponOutcome outcome = claim("r2", "bob", LAST_MOMENT);

        // then
        assertThat(outcome).isEqualTo(rejected("r2", "bob", RejectionReason.ENDED, CLOSES_AT));
    }

    @Test
    void shouldNotIssueEarlierRecordAfterExtensionOfEnd() {
        // given
        givenStock(2);
        claim("r1", "alice", CLOSES_AT.plusSeconds(100));
        decide(CLOSES_AT, define("a2", extendedTo(CLOSES_AT.plusSeconds(50))));

        // when
        CouponOutcome outcome = claim("r2", "bob", CLOSES_AT.plusSeconds(10));

        // then
        assertThat(outcome).isEqualTo(rejected("r2", "bob", RejectionReason.ENDED, CLOSES_AT.plusSeconds(100)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ALREADY_ISSUED", "PAUSED", "NOT_STARTED", "SOLD_OUT"})
    void shouldNotChangeStateByRejection(RejectionReason reason) {
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
        decide(LONG_BEFORE, define("a0", stock));
    }

    private CouponOutcome decide(Instant time, CouponCommand command) {
        return authority.decide(time, command);
    }

    private Instant givenEvent(String event) {
        return switch (event) {
            case "pause" -> decide(at(2), pause("a1")).decidedAt();
            case "close" -> decide(at(2), close("a1")).decidedAt();
            case "sell out" -> decide(at(2), issue("r0", "bob")).decidedAt();
            case "end" -> CLOSES_AT;
            default -> at(2);
        };
    }

    private Instant givenReasonToReject(RejectionReason reason) {
        return switch (reason) {
            case ALREADY_ISSUED -> decide(at(1), issue("r1", "alice")).decidedAt().plusSeconds(1);
            case PAUSED -> decide(at(1), pause("a1")).decidedAt().plusSeconds(1);
            case SOLD_OUT -> decide(at(1), issue("r1", "bob")).decidedAt().plusSeconds(1);
            case NOT_STARTED -> at(-1);
            case UNKNOWN_COUPON, ENDED, LIMIT_REACHED, REVOKED -> throw new IllegalArgumentException(reason.name());
        };
    }

    private CouponOutcome claim(String request, String user, Instant time) {
        return authority.decide(time, issue(request, user));
    }

    private static CouponDefinition extendedTo(Instant closesAt) {
        return new CouponDefinition(COUPON, "Coffee on the house", 2, OPENS_AT, closesAt);
    }
}

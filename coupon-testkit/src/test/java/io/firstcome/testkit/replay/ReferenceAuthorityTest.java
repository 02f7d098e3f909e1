package io.firstcome.testkit.replay;

import static io.firstcome.contract.ChangeRejectionReason.COUPON_CLOSED;
import static io.firstcome.contract.ChangeRejectionReason.NOT_HELD;
import static io.firstcome.contract.ChangeRejectionReason.SEQUENCE_REQUIRED;
import static io.firstcome.contract.ChangeRejectionReason.STOCK_BELOW_ISSUED;
import static io.firstcome.contract.CouponOutcome.CouponChanged.Change.CHANGED;
import static io.firstcome.contract.CouponOutcome.CouponChanged.Change.CREATED;
import static io.firstcome.contract.CouponOutcome.CouponChanged.Change.UNCHANGED;
import static io.firstcome.contract.RejectionReason.ENDED;
import static io.firstcome.contract.RejectionReason.PAUSED;
import static io.firstcome.contract.RejectionReason.REVOKED;
import static io.firstcome.contract.RejectionReason.SOLD_OUT;
import static io.firstcome.testkit.fixture.CouponFixture.CLOSES_AT;
import static io.firstcome.testkit.fixture.CouponFixture.COUPON;
import static io.firstcome.testkit.fixture.CouponFixture.at;
import static io.firstcome.testkit.fixture.CouponFixture.close;
import static io.firstcome.testkit.fixture.CouponFixture.closedCoupon;
import static io.firstcome.testkit.fixture.CouponFixture.couponId;
import static io.firstcome.testkit.fixture.CouponFixture.couponWithStock;
import static io.firstcome.testkit.fixture.CouponFixture.define;
import static io.firstcome.testkit.fixture.CouponFixture.definition;
import static io.firstcome.testkit.fixture.CouponFixture.issue;
import static io.firstcome.testkit.fixture.CouponFixture.limited;
import static io.firstcome.testkit.fixture.CouponFixture.pause;
import static io.firstcome.testkit.fixture.CouponFixture.pausedCoupon;
import static io.firstcome.testkit.fixture.CouponFixture.requestId;
import static io.firstcome.testkit.fixture.CouponFixture.resume;
import static io.firstcome.testkit.fixture.CouponFixture.revoke;
import static io.firstcome.testkit.fixture.OutcomeFixture.alreadyIssued;
import static io.firstcome.testkit.fixture.OutcomeFixture.changeRejected;
import static io.firstcome.testkit.fixture.OutcomeFixture.changed;
import static io.firstcome.testkit.fixture.OutcomeFixture.issued;
import static io.firstcome.testkit.fixture.OutcomeFixture.limitReached;
import static io.firstcome.testkit.fixture.OutcomeFixture.notStarted;
import static io.firstcome.testkit.fixture.OutcomeFixture.rejected;
import static io.firstcome.testkit.fixture.OutcomeFixture.revokeRejected;
import static io.firstcome.testkit.fixture.OutcomeFixture.revoked;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import io.firstcome.contract.ChangeRejectionReason;
import io.firstcome.contract.CouponOutcome;
import io.firstcome.contract.CouponOutcome.CommandInvalid;
import io.firstcome.contract.CouponState;
import io.firstcome.contract.CouponStatus;
import io.firstcome.testkit.fixture.LogFixture;
import io.firstcome.testkit.log.CouponLog;
import io.firstcome.testkit.log.LoggedCommand;
import io.firstcome.testkit.log.UnreadableCommand;

class ReferenceAuthorityTest {

    private final LogFixture log = new LogFixture();

    @Test
    void shouldIssueUntilTheStockIsUsedUp() {
        // given
        log.append(at(0), define("a1", 1)).append(at(1), issue("r1", "u1")).append(at(2), issue("r2", "u2"));

        // when
        List<CouponOutcome> decisions = log.decided().decisions();

        // then
        assertThat(decisions).containsExactly(changed("a1", CREATED, couponWithStock(1), at(0)),
                issued("r1", "u1", 1, at(1)), rejected("r2", "u2", SOLD_OUT, at(2)));
    }

    @Test
    void shouldRepeatTheIssueAndRejectAnotherRequest() {
        // given
        log.append(at(0), define("a1", 2))
                .append(at(1), issue("r1", "u1"))
                .append(at(2), issue("r1", "u1"))
                .append(at(3), issue("r2", "u1"));

        // when
        List<CouponOutcome> decisions = log.decided().decisions();

        // then
        assertThat(decisions).endsWith(issued("r1", "u1", 1, at(1)), issued("r1", "u1", 1, at(1)),
                alreadyIssued("r2", "u1", 1, at(3)));
    }

    @Test
    void shouldIssueARejectedRequestWhenRepeatedLater() {
        // given
        log.append(at(-9), define("a1", 1)).append(at(-1), issue("r1", "u1")).append(at(1), issue("r1", "u1"));

        // when
        List<CouponOutcome> decisions = log.decided().decisions();

        // then
        assertThat(decisions).endsWith(notStarted("r1", "u1", at(-1)), issued("r1", "u1", 1, at(1)));
    }

    @Test
    void shouldIncreaseTheVersionOnChangesOnly() {
        // given
        log.append(at(0), define("a1", 2))
                .append(at(1), define("a2", 2))
                .append(at(2), resume("a3"))
                .append(at(3), pause("a4"))
                .append(at(4), pause("a5"));

        // when
        List<CouponOutcome> decisions = log.decided().decisions();

        // then
        assertThat(decisions).containsExactly(changed("a1", CREATED, couponWithStock(2), at(0)),
                changed("a2", UNCHANGED, couponWithStock(2), at(1)),
                changed("a3", UNCHANGED, couponWithStock(2), at(2)),
                changed("a4", CHANGED, pausedCoupon(2), at(3)),
                changed("a5", UNCHANGED, pausedCoupon(2), at(4)));
    }

    @Test
    void shouldKeepTheStatusWhenTheStockChanges() {
        // given
        log.append(at(0), define("a1", 1))
                .append(at(1), pause("a2"))
                .append(at(2), define("a3", 5))
                .append(at(3), issue("r1", "u1"));

        // when
        List<CouponOutcome> decisions = log.decided().decisions();

        // then
        var paused = new CouponState(definition(5), CouponStatus.PAUSED, 3, 0);
        assertThat(decisions).endsWith(changed("a3", CHANGED, paused, at(2)),
                rejected("r1", "u1", PAUSED, at(3)));
    }

    @Test
    void shouldRejectAStockBelowTheIssuedCount() {
        // given
        log.append(at(0), define("a1", 3))
                .append(at(1), issue("r1", "u1"))
                .append(at(2), issue("r2", "u2"))
                .append(at(3), define("a2", 1))
                .append(at(4), define("a3", 2));

        // when
        List<CouponOutcome> decisions = log.decided().decisions();

        // then
        var soldOut = new CouponState(definition(2), CouponStatus.ACTIVE, 2, 2);
        assertThat(decisions).endsWith(changeRejected("a2", STOCK_BELOW_ISSUED, at(3)),
                changed("a3", CHANGED, soldOut, at(4)));
    }

    @Test
    void shouldRejectChangesOfAClosedCoupon() {
        // given
        log.append(at(0), define("a1", 1))
                .append(at(1), close("a2"))
                .append(at(2), define("a3", 1))
                .append(at(3), pause("a4"))
                .append(at(4), resume("a5"))
                .append(at(5), close("a6"));

        // when
        List<CouponOutcome> decisions = log.decided().decisions();

        // then
        assertThat(decisions).endsWith(changed("a2", CHANGED, closedCoupon(1), at(1)),
                changeRejected("a3", COUPON_CLOSED, at(2)), changeRejected("a4", COUPON_CLOSED, at(3)),
                changeRejected("a5", COUPON_CLOSED, at(4)), changed("a6", UNCHANGED, closedCoupon(1), at(5)));
    }

    @Test
    void shouldRejectChangesOfAnUnknownCoupon() {
        // given
        log.append(at(0), pause("a1")).append(at(1), resume("a2")).append(at(2), close("a3"));

        // when
        CouponLog decided = log.decided();

        // then
        assertThat(decided.decisions()).containsExactly(
                changeRejected("a1", ChangeRejectionReason.UNKNOWN_COUPON, at(0)),
                changeRejected("a2", ChangeRejectionReason.UNKNOWN_COUPON, at(1)),
                changeRejected("a3", ChangeRejectionReason.UNKNOWN_COUPON, at(2)));
        assertThat(decided.states()).contains(Map.of());
    }

    @Test
    void shouldReturnARevokedCouponToTheStock() {
        // given
        log.append(at(0), define("a1", limited(1, 1, true)))
                .append(at(1), issue("r1", "u1"))
                .append(at(2), revoke("a2", "u1"))
                .append(at(3), issue("r2", "u2"))
                .append(at(4), issue("r1", "u1"))
                .append(at(5), issue("r3", "u3"));

        // when
        CouponLog decided = log.decided();

        // then
        assertThat(decided.decisions()).endsWith(revoked("a2", "u1", 1, "r1", 1, at(2)), issued("r2", "u2", 2, at(3)),
                rejected("r1", "u1", REVOKED, at(4)), rejected("r3", "u3", SOLD_OUT, at(5)));
        assertThat(decided.states().orElseThrow()).containsValue(
                new CouponState(limited(1, 1, true), CouponStatus.ACTIVE, 1, 2, 1));
    }

    @Test
    void shouldRevokeOneCouponOnce() {
        // given
        log.append(at(0), define("a1", limited(9, 2, true)))
                .append(at(1), issue("r1", "u1"))
                .append(at(2), issue("r2", "u1"))
                .append(at(3), revoke("a2", "u1"))
                .append(at(4), revoke("a3", "u1", 1))
                .append(at(5), revoke("a3", "u1", 1))
                .append(at(6), revoke("a4", "u1", 1))
                .append(at(7), revoke("a5", "u1"))
                .append(at(8), revoke("a6", "u1"))
                .append(at(9), revoke("a7", "u2", 2));

        // when
        List<CouponOutcome> decisions = log.decided().decisions();

        // then
        assertThat(decisions).endsWith(revokeRejected("a2", "u1", SEQUENCE_REQUIRED, at(3)),
                revoked("a3", "u1", 1, "r1", 1, at(4)), revoked("a3", "u1", 1, "r1", 1, at(4)),
                revoked("a4", "u1", 1, "r1", 1, at(4)), revoked("a5", "u1", 2, "r2", 2, at(7)),
                revokeRejected("a6", "u1", NOT_HELD, at(8)), revokeRejected("a7", "u2", NOT_HELD, at(9)));
    }

    @Test
    void shouldCountTheIssuesOfAUser() {
        // given
        log.append(at(0), define("a1", limited(9, 2, false)))
                .append(at(1), issue("r1", "u1"))
                .append(at(2), issue("r2", "u1"))
                .append(at(3), issue("r3", "u1"))
                .append(at(4), revoke("a2", "u1", 1))
                .append(at(5), issue("r4", "u1"))
                .append(at(6), define("a3", limited(9, 2, true)))
                .append(at(7), issue("r5", "u1"));

        // when
        List<CouponOutcome> decisions = log.decided().decisions();

        // then
        assertThat(decisions).contains(issued("r2", "u1", 2, at(2), 2), limitReached("r3", "u1", at(3), 1L, 2L),
                rejected("r4", "u1", REVOKED, at(5))).endsWith(issued("r5", "u1", 3, at(7), 3));
    }

    @Test
    void shouldNotDecideEarlierThanAStoredDecision() {
        // given
        log.append(at(0), define("a1", 5))
                .append(at(9), issue("r1", "u1"))
                .append(at(4), issue("r2", "u2"));

        // when
        List<CouponOutcome> decisions = log.decided().decisions();

        // then
        assertThat(decisions).endsWith(issued("r1", "u1", 1, at(9)), issued("r2", "u2", 2, at(9)));
    }

    @Test
    void shouldStayEndedAfterTheFirstEndedRejection() {
        // given
        log.append(at(0), define("a1", 5)).append(CLOSES_AT, issue("r1", "u1")).append(at(4), issue("r2", "u2"));

        // when
        List<CouponOutcome> decisions = log.decided().decisions();

        // then
        assertThat(decisions).endsWith(rejected("r1", "u1", ENDED, CLOSES_AT),
                rejected("r2", "u2", ENDED, CLOSES_AT));
    }

    @Test
    void shouldNotKeepTheTimeOfRejectionsThatStoreNothing() {
        // given
        log.append(at(0), define("a1", 1))
                .append(at(1), issue("r1", "u1"))
                .append(at(9), issue("r2", "u2"))
                .append(at(8), issue("r3", "u1"))
                .append(at(7), issue("r4", "u4"));

        // when
        List<CouponOutcome> decisions = log.decided().decisions();

        // then
        assertThat(decisions).endsWith(rejected("r2", "u2", SOLD_OUT, at(9)),
                alreadyIssued("r3", "u1", 1, at(8)), rejected("r4", "u4", SOLD_OUT, at(7)));
    }

    @Test
    void shouldAnswerACommandWithAForeignKeyAsInvalid() {
        // given
        var authority = new ReferenceAuthority();
        authority.decide(new LoggedCommand(0, 0, at(0), COUPON, define("a1", 1)));
        var other = couponId("c2");

        // when
        var outcome = authority.decide(new LoggedCommand(0, 1, at(1), other, issue("r1", "u1")));

        // then
        assertThat(outcome).contains(
                new CommandInvalid(requestId("r1"), other, "the key names another coupon", at(1)));
        assertThat(authority.stateOf(COUPON)).contains(couponWithStock(1));
    }

    @Test
    void shouldAnswerInvalidRecordsWithKeyAndRequestIdOnly() {
        // given
        var key = Optional.of(COUPON);
        var request = Optional.of(requestId("r1"));
        var records = Stream.of(new UnreadableCommand(0, 0, at(0), key, request, "no type"),
                new UnreadableCommand(0, 1, at(0), Optional.empty(), request, "no key"),
                new UnreadableCommand(0, 2, at(0), key, Optional.empty(), "no id"));

        // when
        var outcomes = records.map(new ReferenceAuthority()::decide);

        // then
        assertThat(outcomes).containsExactly(
                Optional.of(new CommandInvalid(requestId("r1"), COUPON, "no type", at(0))), Optional.empty(),
                Optional.empty());
    }
}

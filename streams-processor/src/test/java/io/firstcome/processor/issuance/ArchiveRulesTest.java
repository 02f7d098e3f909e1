package io.firstcome.processor.issuance;

import static io.firstcome.testkit.fixture.CouponFixture.close;
import static io.firstcome.testkit.fixture.CouponFixture.define;
import static io.firstcome.testkit.fixture.CouponFixture.issue;
import static io.firstcome.testkit.fixture.CouponFixture.pause;
import static io.firstcome.testkit.fixture.CouponFixture.CLOSES_AT;
import static io.firstcome.testkit.fixture.CouponFixture.COUPON;
import static io.firstcome.testkit.fixture.CouponFixture.at;
import static io.firstcome.testkit.fixture.CouponFixture.requestId;
import static io.firstcome.testkit.fixture.CouponFixture.resume;
import static io.firstcome.testkit.fixture.CouponFixture.revoke;
import static io.firstcome.testkit.fixture.OutcomeFixture.revokeRejected;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import io.firstcome.contract.ChangeRejectionReason;
import io.firstcome.contract.CouponCommand;
import io.firstcome.contract.CouponCommand.ArchiveCoupon;
import io.firstcome.contract.CouponOutcome;
import io.firstcome.contract.CouponOutcome.ChangeRejected;
import io.firstcome.contract.CouponOutcome.CouponChanged;
import io.firstcome.contract.CouponOutcome.IssueRejected;
import io.firstcome.contract.CouponStatus;
import io.firstcome.contract.RejectionReason;

class ArchiveRulesTest {

    private final PolicyOverMaps authority = new PolicyOverMaps();

    @Test
    void shouldArchiveAtTheEndOfTheWindow() {
        // given
        authority.decide(at(1), define("a1", 5));

        // when
        CouponOutcome tooEarly = archive("a2", CLOSES_AT.minusMillis(1));
        CouponOutcome archived = archive("a3", CLOSES_AT);

        // then
        assertThat(((ChangeRejected) tooEarly).reason()).isEqualTo(ChangeRejectionReason.NOT_ENDED);
        assertThat(((CouponChanged) archived).state().status()).isEqualTo(CouponStatus.ARCHIVED);
    }

    /** The ingress refuses what is too early: a decision must not depend on how long a topic is kept. */
    @Test
    void shouldArchiveClosedCouponAtAnyTime() {
        // given
        authority.decide(at(1), define("a1", 5));
        authority.decide(at(2), close("a2"));

        // when
        CouponOutcome archived = archive("a3", at(3));

        // then
        assertThat(((CouponChanged) archived).state().status()).isEqualTo(CouponStatus.ARCHIVED);
    }

    @Test
    void shouldRejectAnUnknownCoupon() {
        // when
        CouponOutcome rejected = archive("a1", at(1));

        // then
        assertThat(((ChangeRejected) rejected).reason()).isEqualTo(ChangeRejectionReason.UNKNOWN_COUPON);
    }

    @Test
    void shouldRejectEveryClaimAlsoOfHolders() {
        // given
        authority.decide(at(1), define("a1", 5));
        authority.decide(at(2), issue("r1", "alice"));
        archive("a2", CLOSES_AT);

        // when
        List<CouponOutcome> outcomes = Stream.of(issue("r1", "alice"), issue("r2", "alice"), issue("r3", "bob"))
                .map(claim -> authority.decide(CLOSES_AT.plusMillis(1), claim)).toList();

        // then
        assertThat(outcomes).extracting(outcome -> ((IssueRejected) outcome).reason())
                .containsOnly(RejectionReason.ENDED);
    }

    @Test
    void shouldRejectEveryChangeExceptTheEnd() {
        // given
        authority.decide(at(1), define("a1", 5));
        archive("a2", CLOSES_AT);

        // when
        List<CouponOutcome> rejected = Stream.<CouponCommand>of(define("a3", 9), pause("a4"), resume("a5"))
                .map(command -> authority.decide(CLOSES_AT, command)).toList();
        List<CouponOutcome> repeated = List.of(archive("a6", CLOSES_AT), authority.decide(CLOSES_AT, close("a7")));

        // then
        assertThat(rejected).extracting(outcome -> ((ChangeRejected) outcome).reason())
                .containsOnly(ChangeRejectionReason.COUPON_CLOSED);
        assertThat(repeated).extracting(outcome -> ((CouponChanged) outcome).change())
                .containsOnly(CouponChanged.Change.UNCHANGED);
    }

    /** Its holders are deleted step by step, and the outcome must not depend on how many are left. */
    @Test
    void shouldNotRevokeOfAnArchivedCoupon() {
        // given
        authority.decide(at(1), define("a1", 5));
        authority.decide(at(2), issue("r1", "alice"));
        archive("a2", CLOSES_AT);

        // when
        List<CouponOutcome> outcomes = Stream.of(revoke("a3", "alice"), revoke("a4", "bob"))
                .map(command -> authority.decide(CLOSES_AT, command)).toList();

        // then
        assertThat(outcomes).containsExactly(
                revokeRejected("a3", "alice", ChangeRejectionReason.COUPON_CLOSED, CLOSES_AT),
                revokeRejected("a4", "bob", ChangeRejectionReason.COUPON_CLOSED, CLOSES_AT));
    }

    private CouponOutcome archive(String request, Instant time) {
        return authority.decide(time, new ArchiveCoupon(requestId(request), COUPON));
    }
}

package io.firstcome.standalone.check.part;

import static io.firstcome.testkit.fixture.CouponFixture.COUPON;
import static io.firstcome.testkit.fixture.CouponFixture.OPENS_AT;
import static io.firstcome.testkit.fixture.CouponFixture.at;
import static io.firstcome.testkit.fixture.CouponFixture.close;
import static io.firstcome.testkit.fixture.CouponFixture.define;
import static io.firstcome.testkit.fixture.CouponFixture.issue;
import static io.firstcome.testkit.fixture.CouponFixture.requestId;
import static io.firstcome.testkit.fixture.CouponFixture.revoke;
import static io.firstcome.testkit.fixture.CouponFixture.userId;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.junit.jupiter.api.Test;

import io.firstcome.contract.CouponCommand.ArchiveCoupon;
import io.firstcome.contract.CouponOutcome.CouponIssued;
import io.firstcome.contract.CouponOutcome.IssueRevoked;
import io.firstcome.contract.CouponState;
import io.firstcome.contract.id.UserId;
import io.firstcome.gate.projection.HolderSource.Holder;
import io.firstcome.standalone.check.part.AuthorityComparison.Counts;
import io.firstcome.standalone.check.part.GateComparison.Result;
import io.firstcome.standalone.evidence.GateReader.Reading;
import io.firstcome.testkit.evidence.GateView;
import io.firstcome.testkit.facts.CommittedCoupon;
import io.firstcome.testkit.fixture.LogFixture;

/** The gate and the authority are read while a sale goes on: between a first and a second cut through the log. */
class ComparisonTest {

    private static final String LOG = "log-id";
    private static final CommittedCoupon ONE_ISSUE = coupon(2);
    private static final CommittedCoupon TWO_ISSUES = coupon(3);
    private static final CommittedCoupon ONE_REVOKED = coupon(4);

    /** Define, issue to amy, issue to bob, revoke that of amy: the first {@code count} of them. */
    private static CommittedCoupon coupon(int count) {
        var log = new LogFixture().append(at(0), define("d", 2)).append(at(1), issue("r1", "amy"))
                .append(at(2), issue("r2", "bob")).append(at(3), revoke("r3", "amy"));
        return CommittedCoupon.of(LogFixture.decided(log.commands().subList(0, count))).get(COUPON);
    }

    @Test
    void shouldAcceptAGateAtEitherCut() {
        assertThat(gate(ONE_ISSUE, TWO_ISSUES, reading(ONE_ISSUE))).isEqualTo(new Result.Agrees(1));
        assertThat(gate(ONE_ISSUE, TWO_ISSUES, reading(TWO_ISSUES))).isEqualTo(new Result.Agrees(2));
        assertThat(gate(TWO_ISSUES, ONE_REVOKED, reading(ONE_REVOKED))).isEqualTo(new Result.Agrees(1));
    }

    @Test
    void shouldReportAGateThatIsAheadOfTheLog() {
        assertThat(gate(ONE_ISSUE, ONE_ISSUE, reading(TWO_ISSUES))).isInstanceOf(Result.Differs.class);
    }

    @Test
    void shouldReportAnEditedHolder() {
        // given
        Map<UserId, List<Long>> held = new HashMap<>(TWO_ISSUES.held());
        held.put(userId("amy"), List.of(7L));

        // when
        Result result = gate(TWO_ISSUES, TWO_ISSUES, reading(TWO_ISSUES, held, 2));

        // then
        assertThat(result).isEqualTo(new Result.Differs(
                List.of("c1: the gate says that amy holds [7], but the log says [1]")));
    }

    /** Amy's issue was given and revoked between the cuts, so neither cut has it. */
    @Test
    void shouldAcceptAGateBetweenTheCuts() {
        assertThat(gate(coupon(1), ONE_REVOKED, reading(TWO_ISSUES))).isEqualTo(new Result.Agrees(2));
    }

    @Test
    void shouldReportAHolderWhomTheGateLost() {
        // given
        Map<UserId, List<Long>> held = Map.of(userId("bob"), List.of(2L));

        // when
        Result result = gate(TWO_ISSUES, TWO_ISSUES, reading(TWO_ISSUES, held, 2));

        // then
        assertThat(result).isEqualTo(new Result.Differs(
                List.of("c1: the gate says that amy holds [], but the log says [1]")));
    }

    /** The gate gives no final rejection while it knows fewer sequences than were issued. */
    @Test
    void shouldNotReportAGateThatIsBeingFilled() {
        // given
        Map<UserId, List<Long>> held = Map.of(userId("bob"), List.of(2L));

        // when
        Result result = gate(TWO_ISSUES, TWO_ISSUES, reading(TWO_ISSUES, held, 1));

        // then
        assertThat(result).isEqualTo(
                new Result.Incomplete("c1: the gate knows 1 of 2 sequences, and version 1 of 1"));
    }

    /** The projector removes the holders with the status, in one step. */
    @Test
    void shouldAcceptAnArchivedCouponWithoutHolders() {
        // given
        var log = new LogFixture().append(at(0), define("d", 2)).append(at(1), issue("r1", "amy"))
                .append(at(2), close("r2")).append(at(3), new ArchiveCoupon(requestId("r3"), COUPON));
        CommittedCoupon closed = CommittedCoupon.of(LogFixture.decided(log.commands().subList(0, 3))).get(COUPON);
        CommittedCoupon archived = CommittedCoupon.of(log.decided()).get(COUPON);

        // then
        assertThat(gate(closed, archived, reading(closed))).isEqualTo(new Result.Agrees(1));
        assertThat(gate(closed, archived, reading(archived, Map.of(), 0))).isEqualTo(new Result.Agrees(0));
        assertThat(gate(archived, archived, reading(archived, Map.of(), 0))).isEqualTo(new Result.Agrees(0));
        assertThat(gate(archived, archived, reading(archived, Map.of(userId("eve"), List.of(1L)), 1)))
                .isInstanceOf(Result.Differs.class);
    }

    @Test
    void shouldNotReportAnOpenCouponThatTheGateDoesNotHave() {
        // when
        Result result = GateComparison.compare(COUPON, Optional.of(ONE_ISSUE), ONE_ISSUE, Optional.empty(), LOG,
                OPENS_AT);

        // then
        assertThat(result).isInstanceOf(Result.Incomplete.class);
    }

    @Test
    void shouldAcceptAnAuthorityAtEitherCut() {
        assertThat(authority(ONE_ISSUE, TWO_ISSUES, ONE_ISSUE)).isEmpty();
        assertThat(authority(ONE_ISSUE, TWO_ISSUES, TWO_ISSUES)).isEmpty();
        assertThat(authority(TWO_ISSUES, ONE_REVOKED, TWO_ISSUES)).isEmpty();
        assertThat(authority(TWO_ISSUES, ONE_REVOKED, ONE_REVOKED)).isEmpty();
    }

    @Test
    void shouldReportAnAuthorityThatLacksAnIssue() {
        assertThat(authority(TWO_ISSUES, TWO_ISSUES, ONE_ISSUE))
                .contains("c1: the authority's issued count is 1, but the log says 2")
                .anyMatch(difference -> difference.startsWith("c1: the authority does not list CouponIssued"));
    }

    @Test
    void shouldReportAnAuthorityThatForgotARevocation() {
        assertThat(authority(ONE_REVOKED, ONE_REVOKED, TWO_ISSUES))
                .contains("c1: the authority lists sequence 1 of amy as held, but it is revoked");
    }

    @Test
    void shouldReportAnAuthorityThatListsAnIssueOfNoOne() {
        assertThat(authority(ONE_ISSUE, ONE_ISSUE, TWO_ISSUES))
                .anyMatch(difference -> difference.contains("but the log says nothing"));
    }

    private static Result gate(CommittedCoupon before, CommittedCoupon after, Reading reading) {
        return GateComparison.compare(COUPON, Optional.of(before), after, Optional.of(reading), LOG, OPENS_AT);
    }

    private static Reading reading(CommittedCoupon coupon) {
        return reading(coupon, coupon.held(), coupon.issuedQuantity());
    }

    private static Reading reading(CommittedCoupon coupon, Map<UserId, List<Long>> held, long known) {
        CouponState state = coupon.lastChange().orElseThrow();
        return new Reading(LOG, new GateView(
                GateView.Facts.of(state, coupon.issuedQuantity(), coupon.revokedQuantity()), held), known);
    }

    private static List<String> authority(CommittedCoupon before, CommittedCoupon after, CommittedCoupon shown) {
        CouponState state = shown.lastChange().orElseThrow();
        var counts = new Counts(state.definition().stock(), shown.issuedQuantity(), shown.revokedQuantity(),
                state.version(), state.status().name());
        List<Holder> holders = shown.issues().stream().map(issued -> holder(issued, shown)).toList();
        return AuthorityComparison.differences(COUPON, before, after, counts, holders);
    }

    private static Holder holder(CouponIssued issued, CommittedCoupon coupon) {
        return new Holder(issued.userId(), issued.sequence(), issued.requestId(), issued.issuedAt(), issued.nth(),
                coupon.revocationOf(issued.sequence()).map(IssueRevoked::revokedAt));
    }
}

package io.firstcome.standalone.check.part;

import static io.firstcome.testkit.fixture.CouponFixture.COUPON;
import static io.firstcome.testkit.fixture.CouponFixture.at;
import static io.firstcome.testkit.fixture.CouponFixture.define;
import static io.firstcome.testkit.fixture.CouponFixture.issue;
import static io.firstcome.testkit.fixture.CouponFixture.pause;
import static io.firstcome.testkit.fixture.CouponFixture.revoke;
import static io.firstcome.testkit.fixture.CouponFixture.userId;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.Test;

import io.firstcome.contract.CouponOutcome.IssueRevoked;
import io.firstcome.testkit.evidence.StoredCoupon;
import io.firstcome.testkit.evidence.StoredIssue;
import io.firstcome.testkit.evidence.StoredRows;
import io.firstcome.testkit.facts.CommittedCoupon;
import io.firstcome.testkit.fixture.LogFixture;
import io.firstcome.testkit.guarantee.GuaranteeResult;
import io.firstcome.testkit.log.CouponLog;

/** After a rebuild the tables have rows of outcomes that the sink's positions have not reached. */
class DatabaseComparisonTest {

    private static final CouponLog ALL = log(5);
    private static final CouponLog REACHED = log(2);

    /** Define, issue to amy, issue to bob, revoke that of amy, pause: the first {@code count} of them. */
    private static CouponLog log(int count) {
        var log = new LogFixture().append(at(0), define("d", 5)).append(at(1), issue("r1", "amy"))
                .append(at(2), issue("r2", "bob")).append(at(3), revoke("r3", "amy")).append(at(4), pause("p"));
        return LogFixture.decided(log.commands().subList(0, count));
    }

    private static StoredRows rowsOf(CouponLog log) {
        CommittedCoupon coupon = CommittedCoupon.of(log).get(COUPON);
        List<StoredIssue> issues = coupon.issues().stream()
                .map(issue -> new StoredIssue(COUPON, issue.userId(), issue.sequence(), issue.requestId(),
                        issue.issuedAt(), issue.nth(),
                        coupon.revocationOf(issue.sequence()).map(IssueRevoked::revokedAt)))
                .toList();
        var state = coupon.lastChange().orElseThrow();
        return new StoredRows(issues, List.of(new StoredCoupon(COUPON, state.definition().stock(),
                coupon.issuedQuantity(), state.status(), coupon.revokedQuantity(), 1, true)));
    }

    @Test
    void shouldAcceptRowsAtThePositions() {
        // when
        var result = DatabaseComparison.compare(REACHED, ALL, rowsOf(REACHED));

        // then
        assertThat(result.guarantee()).isInstanceOf(GuaranteeResult.Pass.class);
        assertThat(result.ahead()).isZero();
    }

    /** The row of bob, the revocation of amy's row, and the row of the coupon. */
    @Test
    void shouldAcceptRowsOfARebuildThatTheLogHas() {
        // when
        var result = DatabaseComparison.compare(REACHED, ALL, rowsOf(ALL));

        // then
        assertThat(result.guarantee()).isInstanceOf(GuaranteeResult.Pass.class);
        assertThat(result.ahead()).isEqualTo(3);
        assertThat(result.hasUnknownRows()).isFalse();
    }

    /** The rebuild ran before amy's revocation and before the pause. */
    @Test
    void shouldAcceptRowsBetweenThePositionsAndTheEnd() {
        // when
        var result = DatabaseComparison.compare(REACHED, ALL, rowsOf(log(3)));

        // then
        assertThat(result.guarantee()).isInstanceOf(GuaranteeResult.Pass.class);
        assertThat(result.ahead()).isEqualTo(2);
    }

    @Test
    void shouldReportARowThatTheLogDoesNotHave() {
        // given
        List<StoredIssue> issues = new ArrayList<>(rowsOf(ALL).issues());
        issues.set(1, new StoredIssue(COUPON, userId("eve"), 2, issues.get(1).requestId(), at(2)));

        // when
        var result = DatabaseComparison.compare(REACHED, ALL, new StoredRows(issues, rowsOf(REACHED).coupons()));

        // then
        assertThat(violations(result)).singleElement().asString().startsWith("issued_coupons: unexpected")
                .contains("eve");
        assertThat(result.hasUnknownRows()).isTrue();
    }

    @Test
    void shouldReportAMissingRowOfAReachedOutcome() {
        // given
        List<StoredIssue> issues = rowsOf(ALL).issues().subList(1, 2);

        // when
        var result = DatabaseComparison.compare(REACHED, ALL, new StoredRows(issues, rowsOf(ALL).coupons()));

        // then
        assertThat(violations(result)).singleElement().asString().startsWith("issued_coupons: missing")
                .contains("amy");
        assertThat(result.hasUnknownRows()).isFalse();
    }

    @Test
    void shouldReportARevocationThatWasForgotten() {
        // given
        StoredIssue amy = rowsOf(ALL).issues().getFirst();
        List<StoredIssue> issues = new ArrayList<>(rowsOf(ALL).issues());
        issues.set(0, new StoredIssue(COUPON, amy.userId(), 1, amy.requestId(), amy.issuedAt(), 1, Optional.empty()));

        // when
        var result = DatabaseComparison.compare(ALL, ALL, new StoredRows(issues, rowsOf(ALL).coupons()));

        // then
        assertThat(violations(result)).hasSize(2);
    }

    @Test
    void shouldReportCountsBeyondTheLog() {
        // given
        StoredCoupon row = rowsOf(ALL).coupons().getFirst();
        var beyond = new StoredCoupon(COUPON, row.stock(), 3, row.status(), row.revokedQuantity(), 1, true);

        // when
        var result = DatabaseComparison.compare(REACHED, ALL, new StoredRows(rowsOf(ALL).issues(), List.of(beyond)));

        // then
        assertThat(violations(result)).isNotEmpty().allMatch(it -> it.startsWith("coupons: "));
    }

    private static List<String> violations(DatabaseComparison.Result result) {
        return result.guarantee() instanceof GuaranteeResult.Fail(var violations) ? violations : List.of();
    }
}

package io.firstcome.processor.issuance;

import static io.firstcome.testkit.fixture.CouponFixture.at;
import static io.firstcome.testkit.fixture.CouponFixture.couponWithStock;
import static io.firstcome.testkit.fixture.CouponFixture.requestId;
import static io.firstcome.testkit.fixture.OutcomeFixture.issued;
import static io.firstcome.testkit.fixture.OutcomeFixture.revoked;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.Test;

import io.firstcome.contract.CouponOutcome;
import io.firstcome.processor.issuance.Holding.Revocation;

/** The fold of outcomes. IssuanceSimulationTest folds random ones. */
class CouponSnapshotTest {

    private static final CouponSnapshot DEFINED = new CouponSnapshot(
            Optional.of(new Coupon(couponWithStock(5), at(0))), Holdings.NONE);

    @Test
    void shouldKeepARevokedIssue() {
        // when
        CouponSnapshot after = fold(issued("r1", "alice", 1, at(1)), issued("r2", "alice", 2, at(2), 2),
                revoked("a1", "alice", 1, "r1", 1, at(3)));

        // then
        var first = new Holding(requestId("r1"), 1, at(1), Optional.of(new Revocation(requestId("a1"), at(3))));
        var second = new Holding(requestId("r2"), 2, at(2));
        assertThat(after.holdings()).isEqualTo(new Holdings(List.of(first, second)));
        assertThat(after.holdings().held()).containsExactly(second);
        assertThat(after.coupon()).contains(new Coupon(couponWithStock(5).withIssued(2).withRevoked(1), at(3)));
    }

    @Test
    void shouldNotChangeByRepeatedOutcomes() {
        // given
        CouponOutcome issued = issued("r1", "alice", 1, at(1));
        CouponSnapshot before = fold(issued, revoked("a1", "alice", 1, "r1", 1, at(3)));

        // when
        CouponSnapshot after = before.after(issued).after(revoked("a1", "alice", 1, "r1", 1, at(3)))
                .after(revoked("a2", "alice", 1, "r1", 1, at(3)));

        // then
        assertThat(after).isEqualTo(before);
    }

    @Test
    void shouldRequireADefinition() {
        // given
        var undefined = new CouponSnapshot(Optional.empty(), Holdings.NONE);

        // then
        assertThatThrownBy(() -> undefined.after(issued("r1", "alice", 1, at(1))))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("no definition precedes CouponIssued");
        assertThatThrownBy(() -> undefined.after(revoked("a1", "alice", 1, "r1", 1, at(1))))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("no definition precedes IssueRevoked");
    }

    private static CouponSnapshot fold(CouponOutcome... outcomes) {
        CouponSnapshot snapshot = DEFINED;
        for (CouponOutcome outcome : outcomes) {
            snapshot = snapshot.after(outcome);
        }
        return snapshot;
    }
}

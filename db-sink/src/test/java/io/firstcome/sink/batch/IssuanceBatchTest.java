package io.firstcome.sink.batch;

import static io.firstcome.testkit.fixture.CouponFixture.COUPON;
import static io.firstcome.testkit.fixture.CouponFixture.at;
import static io.firstcome.testkit.fixture.CouponFixture.couponId;
import static io.firstcome.testkit.fixture.CouponFixture.couponWithStock;
import static io.firstcome.testkit.fixture.CouponFixture.definition;
import static io.firstcome.testkit.fixture.CouponFixture.pausedCoupon;
import static io.firstcome.testkit.fixture.CouponFixture.requestId;
import static io.firstcome.testkit.fixture.CouponFixture.userId;
import static io.firstcome.testkit.fixture.OutcomeFixture.alreadyIssued;
import static io.firstcome.testkit.fixture.OutcomeFixture.changeRejected;
import static io.firstcome.testkit.fixture.OutcomeFixture.changed;
import static io.firstcome.testkit.fixture.OutcomeFixture.issued;
import static io.firstcome.testkit.fixture.OutcomeFixture.rejected;
import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;

import org.junit.jupiter.api.Test;

import io.firstcome.contract.ChangeRejectionReason;
import io.firstcome.contract.CouponOutcome.CommandInvalid;
import io.firstcome.contract.CouponOutcome.CouponChanged.Change;
import io.firstcome.contract.CouponOutcome.CouponIssued;
import io.firstcome.contract.CouponOutcome.IssueRevoked;
import io.firstcome.contract.CouponState;
import io.firstcome.contract.CouponStatus;
import io.firstcome.contract.RejectionReason;

class IssuanceBatchTest {

    @Test
    void shouldSortRowsByCouponAndSequence() {
        // given
        var second = issued("r2", "amy", 2, at(2));
        var first = issued("r1", "zoe", 1, at(1));
        var otherCoupon = new CouponIssued(requestId("r3"), couponId("b"), userId("zoe"), 1, at(3));

        // when
        IssuanceBatch batch = IssuanceBatch.of(List.of(second, first, otherCoupon));

        // then
        assertThat(batch.rows()).containsExactly(otherCoupon, first, second);
    }

    @Test
    void shouldKnowTheHighestSequenceOfEachCoupon() {
        // given
        var otherCoupon = new CouponIssued(requestId("r3"), couponId("b"), userId("zoe"), 9, at(3));

        // when
        IssuanceBatch batch = IssuanceBatch
                .of(List.of(issued("r2", "amy", 2, at(2)), otherCoupon, issued("r1", "zoe", 1, at(1))));

        // then
        assertThat(batch.issued()).containsExactly(entry(couponId("b"), 9L),
                entry(COUPON, 2L));
    }

    @Test
    void shouldKeepARepeatedIssueOnce() {
        // given
        var row = issued("r1", "amy", 1, at(1));

        // when
        IssuanceBatch batch = IssuanceBatch.of(List.of(row, row, row));

        // then
        assertThat(batch.rows()).containsExactly(row);
        assertThat(batch.repeats()).isEqualTo(2);
    }

    @Test
    void shouldKeepBothOfTwoIssuesThatContradictEachOther() {
        // given
        var one = issued("r1", "amy", 1, at(1));
        var other = issued("r2", "amy", 2, at(1));

        // when
        IssuanceBatch batch = IssuanceBatch.of(List.of(one, other));

        // then
        assertThat(batch.rows()).containsExactly(one, other);
        assertThat(batch.repeats()).isZero();
    }

    @Test
    void shouldDistinguishIdsThatDifferInCase() {
        assertThat(IssuanceBatch.of(List.of(issued("r1", "amy", 1, at(1)), issued("r2", "Amy", 2, at(1)))).rows())
                .extracting(row -> row.userId().value()).containsExactly("amy", "Amy");
    }

    @Test
    void shouldKeepSeveralIssuesToOneUser() {
        // given
        var first = issued("r1", "amy", 1, at(1));
        var second = new CouponIssued(requestId("r2"), COUPON, userId("amy"), 2, at(1), 2);

        // when
        IssuanceBatch batch = IssuanceBatch.of(List.of(first, second));

        // then
        assertThat(batch.rows()).containsExactly(first, second);
    }

    @Test
    void shouldKeepARepeatedRevocationOnce() {
        // given
        var revocation = revoked("v1", "amy", 1, 1, at(3));
        var repeated = revoked("v2", "amy", 1, 4, at(3));
        var other = revoked("v3", "bob", 2, 3, at(4));

        // when
        IssuanceBatch batch = IssuanceBatch.of(List.of(other, revocation, repeated));

        // then
        assertThat(batch.revocations()).containsExactly(revocation, other);
        assertThat(batch.revoked()).containsExactly(entry(COUPON, 4L));
        assertThat(batch.repeats()).isEqualTo(1);
        assertThat(batch.isEmpty()).isFalse();
    }

    @Test
    void shouldKeepRevocationsThatContradictEachOther() {
        // given
        var one = revoked("v1", "amy", 1, 1, at(3));
        var other = revoked("v2", "amy", 1, 2, at(4));

        // when
        IssuanceBatch batch = IssuanceBatch.of(List.of(one, other));

        // then
        assertThat(batch.revocations()).containsExactly(one, other);
    }

    private static IssueRevoked revoked(String request, String user, long sequence, long count, Instant revokedAt) {
        return new IssueRevoked(requestId(request), COUPON, userId(user), sequence, requestId("r" + sequence), count,
                revokedAt);
    }

    @Test
    void shouldKeepTheNewestStateWhateverTheOrder() {
        // given
        CouponState paused = pausedCoupon(5);
        CouponState resumed = new CouponState(definition(5), CouponStatus.ACTIVE, 3, 0);
        CouponState resumedLater = resumed.withIssued(2);

        // when
        IssuanceBatch batch = IssuanceBatch.of(List.of(changed("a1", Change.CREATED, couponWithStock(5), at(0)),
                changed("a4", Change.UNCHANGED, resumedLater, at(4)), changed("a3", Change.CHANGED, resumed, at(3)),
                changed("a2", Change.CHANGED, paused, at(2))));

        // then
        assertThat(batch.states()).containsExactly(resumedLater);
    }

    @Test
    void shouldBeEmptyForRejections() {
        // when
        IssuanceBatch batch = IssuanceBatch.of(List.of(alreadyIssued("r1", "amy", 1, at(1)),
                rejected("r2", "bob", RejectionReason.SOLD_OUT, at(2)),
                changeRejected("a1", ChangeRejectionReason.STOCK_BELOW_ISSUED, at(3)),
                new CommandInvalid(requestId("r3"), COUPON, "userId is missing", at(4))));

        // then
        assertThat(batch.isEmpty()).isTrue();
        assertThat(batch.issued()).isEmpty();
    }
}

package io.firstcome.testkit.guarantee.checks;

import static io.firstcome.testkit.fixture.CouponFixture.COUPON;
import static io.firstcome.testkit.fixture.CouponFixture.at;
import static io.firstcome.testkit.fixture.CouponFixture.requestId;
import static io.firstcome.testkit.fixture.CouponFixture.userId;
import static io.firstcome.testkit.guarantee.GuaranteeResultAssert.assertFailed;
import static io.firstcome.testkit.guarantee.GuaranteeResultAssert.assertNotChecked;
import static io.firstcome.testkit.guarantee.GuaranteeResultAssert.assertPassed;
import static io.firstcome.testkit.guarantee.SaleFixture.sale;
import static io.firstcome.testkit.guarantee.SaleFixture.saleWithRevocations;
import static io.firstcome.testkit.guarantee.SaleFixture.storedRows;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import io.firstcome.contract.CouponStatus;
import io.firstcome.testkit.evidence.Evidence;
import io.firstcome.testkit.evidence.StoredCoupon;
import io.firstcome.testkit.evidence.StoredIssue;
import io.firstcome.testkit.evidence.StoredRows;
import io.firstcome.testkit.guarantee.GuaranteeResult;

class SinkMatchesTest {

    private final SinkMatches guarantee = new SinkMatches();

    @Test
    void shouldPassTheCommittedRowsInAnyOrder() {
        // when
        GuaranteeResult result = checkIssues(List::reversed);

        // then
        assertPassed(result, "2 rows of issued_coupons, 1 of coupons");
    }

    @Test
    void shouldNotBeCheckedWithoutRows() {
        // when
        GuaranteeResult result = guarantee.check(Evidence.of(sale()));

        // then
        assertNotChecked(result);
    }

    @Test
    void shouldFailOnAMissingRow() {
        // when
        GuaranteeResult result = checkIssues(List::removeLast);

        // then
        assertFailed(result).singleElement().asString()
                .startsWith("issued_coupons: missing StoredIssue[couponId=c1, userId=u2");
    }

    @Test
    void shouldFailOnADuplicateRow() {
        // when
        GuaranteeResult result = checkIssues(rows -> rows.add(rows.getFirst()));

        // then
        assertFailed(result).hasSize(1);
    }

    static Stream<StoredIssue> differentIssues() {
        return Stream.of(
                new StoredIssue(COUPON, userId("u9"), 1, requestId("r1"), at(1)),
                new StoredIssue(COUPON, userId("u1"), 9, requestId("r1"), at(1)),
                new StoredIssue(COUPON, userId("u1"), 1, requestId("r9"), at(1)),
                new StoredIssue(COUPON, userId("u1"), 1, requestId("r1"), at(9)));
    }

    @ParameterizedTest
    @MethodSource("differentIssues")
    void shouldFailOnARowThatDiffersInOneColumn(StoredIssue different) {
        // when
        GuaranteeResult result = checkIssues(rows -> rows.set(0, different));

        // then
        assertFailed(result).hasSize(2);
    }

    @Test
    void shouldFailOnARowThatWasNotIssued() {
        // when
        GuaranteeResult result = checkIssues(
                rows -> rows.add(new StoredIssue(COUPON, userId("u3"), 3, requestId("r3"), at(4))));

        // then
        assertFailed(result).singleElement().asString().startsWith("issued_coupons: unexpected StoredIssue");
    }

    @Test
    void shouldPassTheCouponAsItsLastChangeLeftIt() {
        // when
        GuaranteeResult result = checkCoupons(new StoredCoupon(COUPON, 2, 2, CouponStatus.ACTIVE));

        // then
        assertPassed(result);
    }

    @Test
    void shouldFailOnAMissingCoupon() {
        // when
        GuaranteeResult result = checkCoupons();

        // then
        assertFailed(result).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({"2, 1, ACTIVE", "3, 2, ACTIVE", "2, 2, PAUSED"})
    void shouldFailOnACouponThatDiffersInOneColumn(long stock, long issued, CouponStatus status) {
        // when
        GuaranteeResult result = checkCoupons(new StoredCoupon(COUPON, stock, issued, status));

        // then
        assertFailed(result).hasSize(2);
    }

    @Test
    void shouldPassTheRowsOfASaleWithRevocations() {
        // given
        StoredRows rows = storedRows(saleWithRevocations());

        // when
        GuaranteeResult result = guarantee.check(Evidence.of(saleWithRevocations()).withStored(rows));

        // then
        assertPassed(result, "4 rows of issued_coupons, 1 of coupons");
        assertThat(rows.issues()).contains(
                new StoredIssue(COUPON, userId("u1"), 2, requestId("r2"), at(2), 2, Optional.of(at(8))));
        assertThat(rows.coupons()).containsExactly(
                new StoredCoupon(COUPON, 2, 4, CouponStatus.ACTIVE, 2, 2, true));
    }

    static Stream<StoredIssue> otherRevocations() {
        return Stream.of(
                new StoredIssue(COUPON, userId("u1"), 2, requestId("r2"), at(2), 1, Optional.of(at(8))),
                new StoredIssue(COUPON, userId("u1"), 2, requestId("r2"), at(2), 2, Optional.of(at(9))),
                new StoredIssue(COUPON, userId("u1"), 2, requestId("r2"), at(2), 2, Optional.empty()));
    }

    @ParameterizedTest
    @MethodSource("otherRevocations")
    void shouldFailOnARowWithAnotherRevocation(StoredIssue different) {
        // given
        StoredRows rows = storedRows(saleWithRevocations());
        List<StoredIssue> issues = new ArrayList<>(rows.issues());
        issues.set(1, different);

        // when
        GuaranteeResult result = guarantee.check(
                Evidence.of(saleWithRevocations()).withStored(new StoredRows(issues, rows.coupons())));

        // then
        assertFailed(result).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource({"1, 2, true", "2, 1, true", "2, 2, false"})
    void shouldFailOnACouponWithOtherRevocationsOrLimits(long revoked, int perUser, boolean reclaim) {
        // given
        var coupon = new StoredCoupon(COUPON, 2, 4, CouponStatus.ACTIVE, revoked, perUser, reclaim);
        var rows = new StoredRows(storedRows(saleWithRevocations()).issues(), List.of(coupon));

        // when
        GuaranteeResult result = guarantee.check(Evidence.of(saleWithRevocations()).withStored(rows));

        // then
        assertFailed(result).hasSize(2);
    }

    private GuaranteeResult checkIssues(Consumer<List<StoredIssue>> change) {
        List<StoredIssue> issues = new ArrayList<>(storedRows(sale()).issues());
        change.accept(issues);
        return check(new StoredRows(issues, storedRows(sale()).coupons()));
    }

    private GuaranteeResult checkCoupons(StoredCoupon... coupons) {
        return check(new StoredRows(storedRows(sale()).issues(), List.of(coupons)));
    }

    private GuaranteeResult check(StoredRows rows) {
        return guarantee.check(Evidence.of(sale()).withStored(rows));
    }
}

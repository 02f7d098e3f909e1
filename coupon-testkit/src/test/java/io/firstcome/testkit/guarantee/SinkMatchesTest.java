package io.firstcome.testkit.guarantee;

import static io.firstcome.testkit.fixture.CouponFixture.COUPON;
import static io.firstcome.testkit.fixture.CouponFixture.at;
import static io.firstcome.testkit.fixture.CouponFixture.requestId;
import static io.firstcome.testkit.fixture.CouponFixture.userId;
import static io.firstcome.testkit.guarantee.GuaranteeResultAssert.assertFailed;
import static io.firstcome.testkit.guarantee.GuaranteeResultAssert.assertNotChecked;
import static io.firstcome.testkit.guarantee.GuaranteeResultAssert.assertPassed;
import static io.firstcome.testkit.guarantee.Scene.sale;
import static io.firstcome.testkit.guarantee.Scene.stored;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

import org.junit.jupiter.api.Test;

import io.firstcome.contract.CouponStatus;
import io.firstcome.testkit.evidence.Evidence;
import io.firstcome.testkit.evidence.StoredCoupon;
import io.firstcome.testkit.evidence.StoredIssue;
import io.firstcome.testkit.evidence.StoredRows;

class SinkMatchesTest {

    private final SinkMatches guarantee = new SinkMatches();

    private GuaranteeResult afterIssues(Consumer<List<StoredIssue>> hand) {
        List<StoredIssue> issues = new ArrayList<>(stored(sale()).issues());
        hand.accept(issues);
        return guarantee.check(Evidence.of(sale()).withStored(new StoredRows(issues, stored(sale()).coupons())));
    }

    private GuaranteeResult withCoupons(StoredCoupon... coupons) {
        return guarantee
                .check(Evidence.of(sale()).withStored(new StoredRows(stored(sale()).issues(), List.of(coupons))));
    }

    @Test
    void shouldPassRowForRow() {
        assertPassed(afterIssues(List::reversed), "2 rows of issues and 1 of coupons are as committed");
    }

    @Test
    void shouldSayThatItSawNoRows() {
        assertNotChecked(guarantee.check(Evidence.of(sale())));
    }

    @Test
    void shouldSeeAMissingRow() {
        assertFailed(afterIssues(List::removeLast)).singleElement().asString()
                .startsWith("issued_coupons lacks StoredIssue[couponId=c1, userId=u2");
    }

    @Test
    void shouldSeeARowThatIsThereTwice() {
        assertFailed(afterIssues(rows -> rows.add(rows.getFirst()))).hasSize(1);
    }

    @Test
    void shouldSeeARowThatDiffersInAnything() {
        for (StoredIssue different : List.of(
                new StoredIssue(COUPON, userId("u9"), 1, requestId("r1"), at(1)),
                new StoredIssue(COUPON, userId("u1"), 9, requestId("r1"), at(1)),
                new StoredIssue(COUPON, userId("u1"), 1, requestId("r9"), at(1)),
                new StoredIssue(COUPON, userId("u1"), 1, requestId("r1"), at(9)))) {
            assertFailed(afterIssues(rows -> rows.set(0, different))).hasSize(2);
        }
    }

    @Test
    void shouldSeeARowThatWasNeverIssued() {
        assertFailed(afterIssues(rows -> rows.add(new StoredIssue(COUPON, userId("u3"), 3, requestId("r3"), at(4)))))
                .singleElement().asString().startsWith("issued_coupons holds").endsWith("which was not committed so");
    }

    @Test
    void shouldSeeACouponThatIsNotAsItsLastChangeLeftIt() {
        assertFailed(withCoupons()).hasSize(1);
        assertFailed(withCoupons(new StoredCoupon(COUPON, 2, 1, CouponStatus.ACTIVE))).hasSize(2);
        assertFailed(withCoupons(new StoredCoupon(COUPON, 3, 2, CouponStatus.ACTIVE))).hasSize(2);
        assertFailed(withCoupons(new StoredCoupon(COUPON, 2, 2, CouponStatus.PAUSED))).hasSize(2);
        assertPassed(withCoupons(new StoredCoupon(COUPON, 2, 2, CouponStatus.ACTIVE)));
    }
}

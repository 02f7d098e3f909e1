package io.firstcome.testkit.guarantee;

import static io.firstcome.testkit.fixture.CouponFixture.CLOSES_AT;
import static io.firstcome.testkit.fixture.CouponFixture.COUPON;
import static io.firstcome.testkit.fixture.CouponFixture.OPENS_AT;
import static io.firstcome.testkit.fixture.CouponFixture.couponId;
import static io.firstcome.testkit.fixture.CouponFixture.userId;
import static io.firstcome.testkit.guarantee.GuaranteeResultAssert.assertFailed;
import static io.firstcome.testkit.guarantee.GuaranteeResultAssert.assertNotChecked;
import static io.firstcome.testkit.guarantee.GuaranteeResultAssert.assertPassed;
import static io.firstcome.testkit.guarantee.Scene.gate;
import static io.firstcome.testkit.guarantee.Scene.sale;

import java.util.Map;

import org.junit.jupiter.api.Test;

import io.firstcome.contract.CouponId;
import io.firstcome.contract.CouponStatus;
import io.firstcome.contract.UserId;
import io.firstcome.testkit.evidence.Evidence;
import io.firstcome.testkit.evidence.GateView;

class GateConvergesTest {

    private static final GateView.Facts FACTS = new GateView.Facts(1, CouponStatus.ACTIVE, 2, 2, OPENS_AT, CLOSES_AT);
    private static final Map<UserId, Long> HOLDERS = Map.of(userId("u1"), 1L, userId("u2"), 2L);

    private final GateConverges guarantee = new GateConverges();

    private GuaranteeResult with(Map<CouponId, GateView> views) {
        return guarantee.check(Evidence.of(sale()).withGate(views));
    }

    private GuaranteeResult with(GateView.Facts facts, Map<UserId, Long> holders) {
        return with(Map.of(COUPON, new GateView(facts, holders)));
    }

    @Test
    void shouldPassAGateThatFollowedTheTopics() {
        assertPassed(with(gate(sale())), "1 coupons in the gate, 2 holders");
        assertPassed(with(FACTS, HOLDERS));
    }

    @Test
    void shouldSayThatItSawNoGate() {
        assertNotChecked(guarantee.check(Evidence.of(sale())));
    }

    @Test
    void shouldSeeACouponThatTheGateForgot() {
        assertFailed(with(Map.of())).containsExactly("c1: the gate holds no facts");
    }

    @Test
    void shouldSeeACouponThatNobodyDefined() {
        var views = Map.of(COUPON, new GateView(FACTS, HOLDERS), couponId("c9"), new GateView(FACTS, Map.of()));
        assertFailed(with(views)).containsExactly("c9: the gate knows a coupon that nobody defined");
    }

    @Test
    void shouldSeeFactsThatAreStale() {
        var stale = new GateView.Facts(1, CouponStatus.ACTIVE, 2, 1, OPENS_AT, CLOSES_AT);
        assertFailed(with(stale, HOLDERS)).singleElement().asString().startsWith("c1: the gate's facts should be");
    }

    @Test
    void shouldSeeHoldersThatAreMissingWrongOrInvented() {
        assertFailed(with(FACTS, Map.of(userId("u1"), 1L)))
                .containsExactly("c1: the gate should know u2 as number 2 and has nothing");
        assertFailed(with(FACTS, Map.of(userId("u1"), 1L, userId("u2"), 3L)))
                .containsExactly("c1: the gate should know u2 as number 2 and has 3");
        assertFailed(with(FACTS, Map.of(userId("u1"), 1L, userId("u2"), 2L, userId("u3"), 3L)))
                .containsExactly("c1: the gate takes u3 for a holder, number 3");
    }
}

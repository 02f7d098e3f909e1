package io.firstcome.testkit.guarantee.checks;

import static io.firstcome.testkit.fixture.CouponFixture.CLOSES_AT;
import static io.firstcome.testkit.fixture.CouponFixture.COUPON;
import static io.firstcome.testkit.fixture.CouponFixture.OPENS_AT;
import static io.firstcome.testkit.fixture.CouponFixture.at;
import static io.firstcome.testkit.fixture.CouponFixture.close;
import static io.firstcome.testkit.fixture.CouponFixture.couponId;
import static io.firstcome.testkit.fixture.CouponFixture.define;
import static io.firstcome.testkit.fixture.CouponFixture.issue;
import static io.firstcome.testkit.fixture.CouponFixture.requestId;
import static io.firstcome.testkit.fixture.CouponFixture.userId;
import static io.firstcome.testkit.guarantee.GuaranteeResultAssert.assertFailed;
import static io.firstcome.testkit.guarantee.GuaranteeResultAssert.assertNotChecked;
import static io.firstcome.testkit.guarantee.GuaranteeResultAssert.assertPassed;
import static io.firstcome.testkit.guarantee.SaleFixture.gateViews;
import static io.firstcome.testkit.guarantee.SaleFixture.sale;
import static io.firstcome.testkit.guarantee.SaleFixture.saleWithRevocations;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import io.firstcome.contract.CouponCommand.ArchiveCoupon;
import io.firstcome.contract.CouponStatus;
import io.firstcome.contract.id.CouponId;
import io.firstcome.contract.id.UserId;
import io.firstcome.testkit.evidence.Evidence;
import io.firstcome.testkit.evidence.GateView;
import io.firstcome.testkit.fixture.LogFixture;
import io.firstcome.testkit.guarantee.GuaranteeResult;
import io.firstcome.testkit.log.CouponLog;

class GateConvergesTest {

    private static final GateView.Facts FACTS = new GateView.Facts(1, CouponStatus.ACTIVE, 2, 2, OPENS_AT, CLOSES_AT,
            0, 1, true);
    private static final Map<UserId, List<Long>> HOLDERS = Map.of(userId("u1"), List.of(1L), userId("u2"), List.of(2L));

    private final GateConverges guarantee = guaranteeAt(at(10));

    @Test
    void shouldPassAGateThatFollowedTheTopics() {
        // given
        Map<CouponId, GateView> gate = gateViews(sale());

        // when
        GuaranteeResult result = check(gate);

        // then
        assertPassed(result, "1 coupon in the gate, 2 holders");
        assertThat(gate).isEqualTo(Map.of(COUPON, new GateView(FACTS, HOLDERS)));
    }

    @Test
    void shouldNotBeCheckedWithoutTheGate() {
        // when
        GuaranteeResult result = guarantee.check(Evidence.of(sale()));

        // then
        assertNotChecked(result);
    }

    @Test
    void shouldFailWhenAnOpenCouponIsAbsent() {
        // when
        GuaranteeResult result = check(Map.of());

        // then
        assertFailed(result).containsExactly("c1: the coupon is open, but the gate has no facts");
    }

    @Test
    void shouldPassWhenACouponIsAbsentAfterItsWindow() {
        // given
        GateConverges afterTheWindow = guaranteeAt(CLOSES_AT);

        // when
        GuaranteeResult result = afterTheWindow.check(Evidence.of(sale()).withGate(Map.of()));

        // then
        assertPassed(result, "0 coupons in the gate, 0 holders");
    }

    @Test
    void shouldPassWhenAClosedCouponIsAbsent() {
        // given
        CouponLog closed = new LogFixture().append(at(0), define("a1", 2)).append(at(1), close("a2")).decided();

        // when
        GuaranteeResult result = guarantee.check(Evidence.of(closed).withGate(Map.of()));

        // then
        assertPassed(result);
    }

    @Test
    void shouldFailWhenAClosedCouponIsPresentAndDiffers() {
        // given
        CouponLog closed = new LogFixture().append(at(0), define("a1", 2)).append(at(1), close("a2")).decided();

        // when
        GuaranteeResult result = guarantee
                .check(Evidence.of(closed).withGate(Map.of(COUPON, new GateView(FACTS, Map.of()))));

        // then
        assertFailed(result).singleElement().asString().startsWith("c1: the gate's facts should be");
    }

    @Test
    void shouldPassAnArchivedCouponWithoutHolders() {
        // when
        GuaranteeResult result = guarantee.check(Evidence.of(archived()).withGate(gateViews(archived())));

        // then
        assertPassed(result, "1 coupon in the gate, 0 holders");
    }

    @Test
    void shouldFailOnHoldersOfAnArchivedCoupon() {
        // given
        GateView.Facts facts = gateViews(archived()).get(COUPON).facts();
        var forgotten = Map.of(COUPON, new GateView(facts, Map.of(userId("u1"), List.of(1L))));

        // when
        GuaranteeResult result = guarantee.check(Evidence.of(archived()).withGate(forgotten));

        // then
        assertFailed(result).containsExactly("c1: the gate has holder u1 with [1], who holds nothing");
    }

    private static CouponLog archived() {
        return new LogFixture().append(at(0), define("a1", 2)).append(at(1), issue("r1", "u1"))
                .append(at(2), close("a2"))
                .append(at(3), new ArchiveCoupon(requestId("a3"), COUPON)).decided();
    }

    @Test
    void shouldFailOnACouponThatIsNotDefined() {
        // given
        var gate = Map.of(COUPON, new GateView(FACTS, HOLDERS), couponId("c9"), new GateView(FACTS, Map.of()));

        // when
        GuaranteeResult result = check(gate);

        // then
        assertFailed(result).containsExactly("c9: the gate has a coupon that is not defined");
    }

    @Test
    void shouldFailOnStaleFacts() {
        // given
        var stale = new GateView.Facts(1, CouponStatus.ACTIVE, 2, 1, OPENS_AT, CLOSES_AT, 0, 1, true);

        // when
        GuaranteeResult result = check(Map.of(COUPON, new GateView(stale, HOLDERS)));

        // then
        assertFailed(result).singleElement().asString().startsWith("c1: the gate's facts should be");
    }

    static Stream<Arguments> wrongHolders() {
        return Stream.of(
                arguments(Map.of("u1", List.of(1L)), "c1: the gate should have holder u2 with [2] but has none"),
                arguments(Map.of("u1", List.of(1L), "u2", List.of(3L)),
                        "c1: the gate should have holder u2 with [2] but has [3]"),
                arguments(Map.of("u1", List.of(1L, 3L), "u2", List.of(2L)),
                        "c1: the gate should have holder u1 with [1] but has [1, 3]"),
                arguments(Map.of("u1", List.of(1L), "u2", List.of(2L), "u3", List.of(3L)),
                        "c1: the gate has holder u3 with [3], who holds nothing"));
    }

    @ParameterizedTest
    @MethodSource("wrongHolders")
    void shouldFailOnMissingWrongOrUnknownHolders(Map<String, List<Long>> sequences, String violation) {
        // given
        Map<UserId, List<Long>> holders = new HashMap<>();
        sequences.forEach((user, held) -> holders.put(userId(user), held));

        // when
        GuaranteeResult result = check(Map.of(COUPON, new GateView(FACTS, holders)));

        // then
        assertFailed(result).containsExactly(violation);
    }

    /** u1 holds 4, and u2 holds 3; 1 and 2 are revoked. */
    @Test
    void shouldPassAGateWithoutRevokedEntries() {
        // given
        Map<CouponId, GateView> gate = gateViews(saleWithRevocations());

        // when
        GuaranteeResult result = guarantee.check(Evidence.of(saleWithRevocations()).withGate(gate));

        // then
        assertPassed(result, "1 coupon in the gate, 2 holders");
        assertThat(gate.get(COUPON)).isEqualTo(new GateView(
                new GateView.Facts(1, CouponStatus.ACTIVE, 2, 4, OPENS_AT, CLOSES_AT, 2, 2, true),
                Map.of(userId("u1"), List.of(4L), userId("u2"), List.of(3L))));
    }

    @Test
    void shouldFailOnARevokedEntryThatIsStillThere() {
        // given
        GateView right = gateViews(saleWithRevocations()).get(COUPON);
        var gate = Map.of(COUPON, new GateView(right.facts(),
                Map.of(userId("u1"), List.of(2L, 4L), userId("u2"), List.of(3L))));

        // when
        GuaranteeResult result = guarantee.check(Evidence.of(saleWithRevocations()).withGate(gate));

        // then
        assertFailed(result).containsExactly("c1: the gate should have holder u1 with [4] but has [2, 4]");
    }

    static Stream<GateView.Facts> wrongFacts() {
        return Stream.of(new GateView.Facts(1, CouponStatus.ACTIVE, 2, 4, OPENS_AT, CLOSES_AT, 1, 2, true),
                new GateView.Facts(1, CouponStatus.ACTIVE, 2, 4, OPENS_AT, CLOSES_AT, 2, 1, true),
                new GateView.Facts(1, CouponStatus.ACTIVE, 2, 4, OPENS_AT, CLOSES_AT, 2, 2, false));
    }

    @ParameterizedTest
    @MethodSource("wrongFacts")
    void shouldFailOnOtherRevocationsOrLimits(GateView.Facts facts) {
        // given
        var gate = Map.of(COUPON, new GateView(facts, gateViews(saleWithRevocations()).get(COUPON).held()));

        // when
        GuaranteeResult result = guarantee.check(Evidence.of(saleWithRevocations()).withGate(gate));

        // then
        assertFailed(result).singleElement().asString().startsWith("c1: the gate's facts should be");
    }

    private static GateConverges guaranteeAt(Instant now) {
        return new GateConverges(Clock.fixed(now, ZoneOffset.UTC));
    }

    private GuaranteeResult check(Map<CouponId, GateView> gate) {
        return guarantee.check(Evidence.of(sale()).withGate(gate));
    }
}

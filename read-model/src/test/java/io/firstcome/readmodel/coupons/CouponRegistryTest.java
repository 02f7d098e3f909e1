package io.firstcome.readmodel.coupons;

import static io.firstcome.testkit.fixture.CouponFixture.COUPON;
import static io.firstcome.testkit.fixture.CouponFixture.couponId;
import static io.firstcome.testkit.fixture.CouponFixture.couponWithStock;
import static io.firstcome.testkit.fixture.CouponFixture.definition;
import static io.firstcome.testkit.fixture.CouponFixture.soldOutCoupon;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import io.firstcome.contract.CouponDefinition;
import io.firstcome.contract.CouponState;
import io.firstcome.contract.CouponStatus;
import io.firstcome.contract.id.CouponId;

class CouponRegistryTest {

    private final List<CouponId> changes = new ArrayList<>();
    private final CouponRegistry registry = new CouponRegistry(changes::add);

    @Test
    void shouldKeepNewestStateInAnyOrder() {
        // given
        var restocked = new CouponState(definition(5), CouponStatus.ACTIVE, 2, 3);

        // when
        registry.apply(restocked);
        registry.apply(soldOutCoupon(3));
        registry.apply(restocked.withIssued(2));

        // then
        assertThat(registry.find(COUPON)).contains(restocked);
    }

    @Test
    void shouldCountIssuesBeforeStatesShowThem() {
        // given
        registry.apply(couponWithStock(3));

        // when
        registry.applyIssued(COUPON, 2);
        registry.applyIssued(COUPON, 1);
        registry.apply(couponWithStock(3).withIssued(1));

        // then
        assertThat(registry.find(COUPON)).contains(couponWithStock(3).withIssued(2));
    }

    @Test
    void shouldCountIssuesThatAreReadBeforeTheState() {
        // given
        registry.applyIssued(COUPON, 2);
        registry.applyIssued(COUPON, 1);

        // when
        registry.apply(couponWithStock(3));

        // then
        assertThat(registry.find(COUPON)).contains(couponWithStock(3).withIssued(2));
    }

    @Test
    void shouldKeepCountWhenChangeHasAnOlderCount() {
        // given
        registry.apply(couponWithStock(3));
        registry.applyIssued(COUPON, 2);

        // when
        registry.apply(new CouponState(definition(9), CouponStatus.ACTIVE, 2, 1));

        // then
        assertThat(registry.find(COUPON)).contains(new CouponState(definition(9), CouponStatus.ACTIVE, 2, 2));
    }

    @Test
    void shouldIgnoreSequenceAboveKnownStock() {
        // given
        registry.apply(couponWithStock(3));

        // when
        registry.applyIssued(COUPON, 4);

        // then
        assertThat(registry.find(COUPON)).contains(couponWithStock(3));
    }

    @Test
    void shouldNotKnowCouponWithoutState() {
        // when
        registry.applyIssued(COUPON, 1);

        // then
        assertThat(registry.find(COUPON)).isEmpty();
    }

    @Test
    void shouldListCouponsInOrderOfIds() {
        // when
        Stream.of("c3", "c1", "c2").map(id -> definition(couponId(id), 1))
                .forEach(it -> registry.apply(new CouponState(it, CouponStatus.ACTIVE, 1, 0)));

        // then
        assertThat(registry.all().map(CouponState::couponId)).map(CouponId::value).containsExactly("c1", "c2", "c3");
        assertThat(registry.after(couponId("c1"))).map(it -> it.couponId().value()).containsExactly("c2", "c3");
        assertThat(registry.after(couponId("c10"))).hasSize(2);
    }

    @Test
    void shouldReportOnlySellOutAndChanges() {
        // given
        registry.apply(couponWithStock(2));
        registry.applyIssued(COUPON, 1);
        registry.apply(couponWithStock(2).withIssued(1));
        assertThat(changes).isEmpty();

        // when
        registry.applyIssued(COUPON, 2);
        int afterSellOut = changes.size();
        registry.apply(new CouponState(definition(3), CouponStatus.ACTIVE, 2, 2));

        // then
        assertThat(afterSellOut).isEqualTo(1);
        assertThat(changes).containsExactly(COUPON, COUPON);
    }

    @Test
    void shouldAcceptStockBelowCountedIssues() {
        // given
        registry.apply(couponWithStock(10));
        registry.applyIssued(COUPON, 7);

        // when
        registry.apply(new CouponState(definition(5), CouponStatus.ACTIVE, 2, 5));
        registry.apply(new CouponState(definition(9), CouponStatus.ACTIVE, 3, 7));

        // then
        assertThat(registry.find(COUPON)).contains(new CouponState(definition(9), CouponStatus.ACTIVE, 3, 7));
    }

    @Test
    void shouldEndASellOutWithARevocation() {
        // given
        registry.apply(couponWithStock(2));
        registry.applyIssued(COUPON, 2);
        changes.clear();

        // when
        registry.applyRevoked(COUPON, 1);
        CouponState afterRevocation = registry.find(COUPON).orElseThrow();
        registry.applyIssued(COUPON, 3);

        // then
        assertThat(afterRevocation).isEqualTo(counted(2, 2, 1));
        assertThat(registry.find(COUPON)).contains(counted(2, 3, 1));
        assertThat(changes).as("the end of the first sell-out, and the second one").hasSize(2);
    }

    @Test
    void shouldTakeCountsFromStatesOfOtherReaders() {
        // given
        registry.applyRevoked(COUPON, 1);
        registry.applyIssued(COUPON, 4);

        // when
        registry.apply(couponWithStock(3).withIssued(2));
        registry.apply(counted(3, 4, 2));
        registry.apply(counted(3, 4, 1));

        // then
        assertThat(registry.find(COUPON)).contains(counted(3, 4, 2));
    }

    @Test
    void shouldIgnoreARevocationWithoutItsIssue() {
        // given
        registry.apply(couponWithStock(3).withIssued(1));

        // when
        registry.applyRevoked(COUPON, 2);

        // then
        assertThat(registry.find(COUPON)).contains(couponWithStock(3).withIssued(1));
    }

    @Test
    void shouldKeepRevocationsWhenChangeHasOlderCounts() {
        // given
        registry.apply(couponWithStock(3));
        registry.applyIssued(COUPON, 3);
        registry.applyRevoked(COUPON, 2);
        registry.applyIssued(COUPON, 5);

        // when
        registry.apply(new CouponState(definition(9), CouponStatus.ACTIVE, 2, 3, 1));

        // then
        assertThat(registry.find(COUPON)).contains(new CouponState(definition(9), CouponStatus.ACTIVE, 2, 5, 2));
    }

    @Test
    void shouldTakeEndFromDecisions() {
        // given
        CouponState state = couponWithStock(3);
        Instant closesAt = state.definition().closesAt();
        registry.apply(state);
        assertThat(registry.isEndDecided(state)).isFalse();

        // when
        registry.applyEnded(COUPON, closesAt);
        registry.applyEnded(COUPON, closesAt.minusSeconds(1));

        // then
        assertThat(registry.isEndDecided(state)).isTrue();
        assertThat(registry.isEndDecided(closingAt(closesAt.plusMillis(1)))).as("closes later now").isFalse();
        assertThat(registry.isEndDecided(
                new CouponState(closingAt(closesAt.plusMillis(1)).definition(), CouponStatus.CLOSED, 3, 0))).isTrue();
    }

    private static CouponState counted(long stock, long issued, long revoked) {
        return new CouponState(definition(stock), CouponStatus.ACTIVE, 1, issued, revoked);
    }

    private static CouponState closingAt(Instant closesAt) {
        CouponDefinition usual = definition(3);
        return new CouponState(
                new CouponDefinition(COUPON, usual.name(), usual.stock(), usual.opensAt(), closesAt),
                CouponStatus.ACTIVE, 2, 0);
    }
}

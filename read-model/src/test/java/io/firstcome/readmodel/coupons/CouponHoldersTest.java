package io.firstcome.readmodel.coupons;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

import org.junit.jupiter.api.Test;

import io.firstcome.contract.CouponDefinition;
import io.firstcome.contract.CouponOutcome.CouponIssued;
import io.firstcome.contract.CouponState;
import io.firstcome.contract.CouponStatus;
import io.firstcome.contract.id.CouponId;
import io.firstcome.contract.id.RequestId;
import io.firstcome.contract.id.UserId;
import io.firstcome.readmodel.coupons.CouponHolders.Listed;

class CouponHoldersTest {

    private static final CouponId COUPON = new CouponId("coffee");
    private static final UserId OTHER = new UserId("other");

    private final CouponHolders holders = new CouponHolders(1_000_000);

    @Test
    void shouldKnowEveryHolderOfALargeCoupon() {
        // when
        issue(1, 200_000);

        // then
        CouponState state = state(200_000);
        assertThat(holders.isComplete(state)).isTrue();
        assertThat(IntStream.rangeClosed(1, 200_000).filter(i -> holders.isSurelyNoHolder(state, user(i)))).isEmpty();
        long maybe = IntStream.range(0, 100_000)
                .filter(i -> !holders.isSurelyNoHolder(state, new UserId("loser-" + i))).count();
        assertThat(maybe).as("losers who share a fingerprint with a holder").isLessThan(100);
        assertThat(holders.isComplete(state(200_001))).isFalse();
    }

    @Test
    void shouldIgnoreRepeatedOutcomes() {
        // when
        issue(1, 2);
        issue(1, 1);
        issue(3, 3);

        // then
        assertThat(holders.isComplete(state(3))).isTrue();
        assertThat(holders.size()).isEqualTo(3);
    }

    @Test
    void shouldNotBeCompleteAfterAGap() {
        // when
        issue(1, 2);
        issue(5, 6);

        // then
        assertThat(holders.isComplete(state(2))).isTrue();
        assertThat(holders.isComplete(state(6))).isFalse();
        assertThat(holders.isSurelyNoHolder(state(6), OTHER)).isFalse();
    }

    @Test
    void shouldCloseTheGapWithAFill() {
        // given
        issue(5, 6);
        CouponHolders.Fill fill = holders.fill(state(6));
        issue(7, 7);

        // when
        fill.add(listed(1, 3));
        fill.add(listed(4, 7));
        boolean closed = fill.end();

        // then
        assertThat(closed).isTrue();
        assertThat(holders.isSurelyNoHolder(state(7), OTHER)).isTrue();
        assertThat(IntStream.rangeClosed(1, 7).filter(i -> holders.isSurelyNoHolder(state(7), user(i)))).isEmpty();
    }

    @Test
    void shouldKeepTheGapWhenTheFillLacksAHolder() {
        // given
        issue(5, 6);
        CouponHolders.Fill fill = holders.fill(state(6));

        // when
        fill.add(listed(1, 3));
        boolean closed = fill.end();

        // then
        assertThat(closed).isFalse();
        assertThat(holders.isSurelyNoHolder(state(6), OTHER)).isFalse();
    }

    @Test
    void shouldContinueAfterAFillWithoutOutcomes() {
        // given
        CouponHolders.Fill fill = holders.fill(state(3));
        fill.add(listed(1, 3));
        fill.end();

        // when
        issue(2, 4);

        // then
        assertThat(holders.isComplete(state(4))).isTrue();
    }

    @Test
    void shouldCompleteWithSeveralCouponsOfOneUser() {
        // given: the list contains revoked issues too
        CouponHolders.Fill fill = holders.fill(state(3));

        // when
        fill.add(List.of(new Listed(user(1), 1), new Listed(user(1), 3), new Listed(user(2), 2)));
        boolean closed = fill.end();

        // then
        assertThat(closed).isTrue();
        assertThat(holders.size()).isEqualTo(2);
        assertThat(holders.isSurelyNoHolder(state(3), OTHER)).isTrue();
        assertThat(holders.isSurelyNoHolder(state(3), user(1))).isFalse();
    }

    @Test
    void shouldRememberNoMoreThanTheBound() {
        // given
        var few = new CouponHolders(3);

        // when
        LongStream.rangeClosed(1, 5).forEach(i -> few.apply(issued(i)));

        // then
        assertThat(few.size()).isEqualTo(3);
        assertThat(few.isSurelyNoHolder(state(5), OTHER)).isFalse();
        few.forget(COUPON);
        assertThat(few.size()).isZero();
        assertThat(few.isComplete(state(1))).isFalse();
    }

    private void issue(long from, long to) {
        LongStream.rangeClosed(from, to).forEach(i -> holders.apply(issued(i)));
    }

    private static List<Listed> listed(long from, long to) {
        return LongStream.rangeClosed(from, to).mapToObj(i -> new Listed(user(i), i)).toList();
    }

    private static CouponIssued issued(long sequence) {
        return new CouponIssued(new RequestId("r" + sequence), COUPON, user(sequence), sequence, Instant.EPOCH);
    }

    private static UserId user(long number) {
        return new UserId("user-" + number);
    }

    private static CouponState state(long issued) {
        var definition = new CouponDefinition(COUPON, "Coffee", Math.max(1, issued), Instant.EPOCH,
                Instant.parse("2096-01-01T00:00:00Z"));
        return new CouponState(definition, CouponStatus.ACTIVE, 1, issued);
    }
}

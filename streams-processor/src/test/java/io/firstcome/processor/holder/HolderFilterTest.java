package io.firstcome.processor.holder;

import static io.firstcome.testkit.fixture.CouponFixture.couponId;
import static io.firstcome.testkit.fixture.CouponFixture.userId;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import io.firstcome.contract.id.CouponId;
import io.firstcome.contract.id.UserId;

class HolderFilterTest {

    private static final CouponId A = couponId("a");
    private static final CouponId B = couponId("b");
    private static final int SLOTS = 1 << 12;

    private final HolderFilter filter = new HolderFilter(SLOTS);

    @Test
    void shouldKnowNothingOfUncoveredCoupon() {
        // when
        filter.add(A, userId("alice"));

        // then
        assertThat(filter.covers(A)).isFalse();
        assertThat(filter.mayHold(A, userId("bob"))).isTrue();
    }

    @Test
    void shouldKeepEveryHolderWhileGrowing() {
        // given
        filter.cover(A, users(0, 500));

        // when
        users(500, SLOTS / 2).forEach(user -> filter.add(A, user));

        // then
        assertThat(filter.covers(A)).isTrue();
        assertThat(users(0, SLOTS / 2)).allMatch(user -> filter.mayHold(A, user));
    }

    @Test
    void shouldRuleOutMostOtherUsers() {
        // given
        filter.cover(A, users(0, 500));
        filter.cover(B, Stream.of());

        // when
        long doubtful = users(500, 10_000).filter(user -> filter.mayHold(A, user)).count()
                + users(0, 500).filter(user -> filter.mayHold(B, user)).count();

        // then
        assertThat(doubtful).isLessThan(10);
    }

    @Test
    void shouldCoverNothingAfterItIsFull() {
        // given
        filter.cover(A, users(0, 10));

        // when
        users(0, SLOTS).forEach(user -> filter.add(A, user));

        // then
        assertThat(filter.covers(A)).isFalse();
        assertThat(users(0, SLOTS)).allMatch(user -> filter.mayHold(A, user));
    }

    @Test
    void shouldCoverNextCouponAfterItWasFull() {
        // given
        filter.cover(A, users(0, SLOTS));

        // when
        filter.cover(B, users(0, 3));

        // then
        assertThat(filter.mayHold(B, userId("u2"))).isTrue();
        assertThat(filter.mayHold(B, userId("u4"))).isFalse();
    }

    private static Stream<UserId> users(int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> userId("u" + i));
    }
}

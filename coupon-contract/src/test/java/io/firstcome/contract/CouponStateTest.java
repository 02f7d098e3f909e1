package io.firstcome.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.firstcome.contract.id.CouponId;

class CouponStateTest {

    private static final Instant NINE = Instant.parse("2026-01-01T09:00:00Z");

    @ParameterizedTest
    @CsvSource({"0, 2, false", "1, 1, false", "2, 0, true"})
    void shouldBeSoldOutWhenNothingRemains(long issued, long remaining, boolean soldOut) {
        // when
        CouponState state = state(1, issued);

        // then
        assertThat(state.remaining()).isEqualTo(remaining);
        assertThat(state.isSoldOut()).isEqualTo(soldOut);
    }

    @ParameterizedTest(name = "version {0}, {1} issued is newer than version {2}, {3} issued: {4}")
    @CsvSource({"2, 0, 1, 2, true", "1, 2, 1, 1, true", "1, 1, 1, 1, false", "1, 1, 1, 2, false", "1, 2, 2, 0, false"})
    void shouldOrderStatesByVersionThenByIssued(long version, long issued, long otherVersion, long otherIssued,
            boolean newer) {
        // given
        CouponState other = state(otherVersion, otherIssued);

        // when
        boolean isNewer = state(version, issued).isNewerThan(other);

        // then
        assertThat(isNewer).isEqualTo(newer);
    }

    @Test
    void shouldReplaceTheIssuedCount() {
        // given
        CouponState state = state(1, 0);

        // when
        CouponState soldOut = state.withIssued(2);

        // then
        assertThat(soldOut).isEqualTo(state(1, 2));
    }

    @Test
    void shouldRejectMoreIssuedThanTheStock() {
        // given
        CouponState soldOut = state(1, 2);

        // then
        assertThatThrownBy(() -> soldOut.withIssued(3))
                .hasMessage("issued must not exceed the stock by more than the number of revoked coupons");
    }

    @Test
    void shouldReturnRevokedCouponsToTheStock() {
        // given
        CouponState soldOut = state(1, 2);

        // when
        CouponState revoked = soldOut.withRevoked(1);
        CouponState soldOutAgain = revoked.withIssued(3);

        // then
        assertThat(List.of(revoked.held(), revoked.remaining())).containsExactly(1L, 1L);
        assertThat(List.of(soldOutAgain.held(), soldOutAgain.remaining())).containsExactly(2L, 0L);
        assertThat(soldOutAgain.isSoldOut()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"-1, 'revoked must be from 0 to 2, not -1'", "3, 'revoked must be from 0 to 2, not 3'"})
    void shouldRejectMoreRevokedThanIssued(long revoked, String message) {
        // given
        CouponState soldOut = state(1, 2);

        // then
        assertThatThrownBy(() -> soldOut.withRevoked(revoked)).hasMessage(message);
    }

    @ParameterizedTest(name = "version {0}, {1} issued, {2} revoked is newer than version 2, 2 issued, 1 revoked: {3}")
    @CsvSource({"2, 2, 2, true", "2, 2, 1, false", "2, 2, 0, false", "2, 3, 1, true", "3, 0, 0, true",
        "1, 2, 2, false"})
    void shouldOrderStatesByRevokedAtLast(long version, long issued, long revoked, boolean newer) {
        // given
        CouponState other = state(2, 2).withRevoked(1);

        // when
        boolean isNewer = new CouponState(other.definition(), CouponStatus.ACTIVE, version, issued, revoked)
                .isNewerThan(other);

        // then
        assertThat(isNewer).isEqualTo(newer);
    }

    @Test
    void shouldCountANameInCodePoints() {
        // when
        CouponDefinition definition = named("🎁".repeat(200));

        // then
        assertThat(definition.name()).hasSize(400);
        assertThatThrownBy(() -> named("🎁".repeat(201))).hasMessageStartingWith("name must be 1 to 200 characters");
    }

    private static CouponState state(long version, long issued) {
        var definition = new CouponDefinition(new CouponId("c1"), "Coffee", 2, NINE, NINE.plusSeconds(1));
        return new CouponState(definition, CouponStatus.ACTIVE, version, issued);
    }

    private static CouponDefinition named(String name) {
        return new CouponDefinition(new CouponId("c1"), name, 1, NINE, NINE.plusMillis(1));
    }
}

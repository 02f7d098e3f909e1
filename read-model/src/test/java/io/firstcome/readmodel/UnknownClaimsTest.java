package io.firstcome.readmodel;

import static io.firstcome.testkit.fixture.CouponFixture.at;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import io.firstcome.contract.id.CouponId;

class UnknownClaimsTest {

    private static final CouponId FIRST = new CouponId("first");
    private static final CouponId SECOND = new CouponId("second");

    private final UnknownClaims unknown = new UnknownClaims(coupon -> coupon.equals(FIRST) ? 0 : 1, 2);

    @Test
    void shouldKnowAllClaimsWhenNothingWasLeftOut() {
        assertThat(unknown.mayBeUndecided(FIRST)).isFalse();
    }

    @Test
    void shouldDoubtUntilTheAuthorityIsPastWhatWasLeftOut() {
        // given
        unknown.leftOut(0, at(5));
        unknown.decided(1, at(9));

        // when
        unknown.decided(0, at(4));

        // then
        assertThat(unknown.mayBeUndecided(FIRST)).isTrue();
        assertThat(unknown.mayBeUndecided(SECOND)).as("of another partition").isFalse();
        unknown.decided(0, at(5));
        assertThat(unknown.mayBeUndecided(FIRST)).isFalse();
    }

    @Test
    void shouldDoubtUntilAForgottenClaimIsDecided() {
        // given
        unknown.decided(1, at(4));

        // when
        unknown.forgotten(SECOND, at(6));
        unknown.forgotten(SECOND, at(5));

        // then
        unknown.decided(1, at(5));
        assertThat(unknown.mayBeUndecided(SECOND)).isTrue();
        assertThat(unknown.mayBeUndecided(FIRST)).as("of another partition").isFalse();
        unknown.decided(1, at(7));
        unknown.decided(1, at(3));
        assertThat(unknown.mayBeUndecided(SECOND)).as("the broker's clock stepped back").isFalse();
    }

    @Test
    void shouldNotDoubtForAForgottenClaimThatWasDecided() {
        // given
        unknown.decided(0, at(6));

        // when
        unknown.forgotten(FIRST, at(6));

        // then
        assertThat(unknown.mayBeUndecided(FIRST)).isFalse();
    }
}

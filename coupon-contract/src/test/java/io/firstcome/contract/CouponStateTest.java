package io.firstcome.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;

import org.junit.jupiter.api.Test;

class CouponStateTest {

    private static final Instant NINE = Instant.parse("2026-01-01T09:00:00Z");

    private static CouponState state(long version, long issued) {
        var definition = new CouponDefinition(new CouponId("c1"), "Coffee", 2, NINE, NINE.plusSeconds(1));
        return new CouponState(definition, CouponStatus.ACTIVE, version, issued);
    }

    @Test
    void shouldBeSoldOutWhenNothingRemains() {
        assertThat(state(1, 0).remaining()).isEqualTo(2);
        assertThat(state(1, 1).isSoldOut()).isFalse();
        assertThat(state(1, 2).isSoldOut()).isTrue();
    }

    @Test
    void shouldBeNewerByVersionThenByWhatIsIssued() {
        assertThat(state(2, 0).isNewerThan(state(1, 2))).isTrue();
        assertThat(state(1, 2).isNewerThan(state(1, 1))).isTrue();
        assertThat(state(1, 1).isNewerThan(state(1, 1))).isFalse();
        assertThat(state(1, 1).isNewerThan(state(1, 2))).isFalse();
        assertThat(state(1, 2).isNewerThan(state(2, 0))).isFalse();
    }

    @Test
    void shouldNotIssueMoreThanTheStock() {
        assertThat(state(1, 0).withIssued(2)).isEqualTo(state(1, 2));
        assertThatThrownBy(() -> state(1, 2).withIssued(3)).hasMessage("issued must be from 0 to 2, not 3");
    }

    @Test
    void shouldCountANameInCharactersAndNotInHalvesOfThem() {
        assertThat(named("☕".repeat(200)).name()).hasSize(200);
        assertThat(named("🎁".repeat(200)).name()).hasSize(400);
        assertThatThrownBy(() -> named("🎁".repeat(201))).hasMessageStartingWith("name must be 1 to 200 characters");
    }

    private static CouponDefinition named(String name) {
        return new CouponDefinition(new CouponId("c1"), name, 1, NINE, NINE.plusMillis(1));
    }
}

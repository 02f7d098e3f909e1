package io.firstcome.readmodel.requests;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class OwnAppendsTest {

    private final OwnAppends own = new OwnAppends(2);

    @Test
    void shouldKnowAcknowledgedOffsetsOfTheirPartition() {
        // when
        own.add(0, 5);
        own.add(0, 7);

        // then
        assertThat(own.removeTo(1, 5)).isFalse();
        assertThat(own.removeTo(0, 5)).isTrue();
        assertThat(own.removeTo(0, 6)).isFalse();
        assertThat(own.removeTo(0, 7)).isTrue();
        assertThat(own.removeTo(0, 8)).isFalse();
    }

    @Test
    void shouldForgetOffsetsThatWereReadEarlier() {
        // given
        own.add(0, 5);
        own.add(0, 9);

        // when
        own.removeTo(0, 7);

        // then
        assertThat(own.removeTo(0, 5)).isFalse();
        assertThat(own.removeTo(0, 9)).isTrue();
    }

    /** The answer must never be yes for a record without an acknowledgement; no for one that has it only costs time. */
    @Test
    void shouldNotClaimOthersAfterALateAcknowledgement() {
        // given
        own.add(0, 8);
        own.add(0, 6);

        // then
        assertThat(own.removeTo(0, 6)).isFalse();
        assertThat(own.removeTo(0, 7)).isFalse();
        assertThat(own.removeTo(0, 8)).isTrue();
        assertThat(own.removeTo(0, 9)).isFalse();
    }
}

package io.firstcome.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import io.firstcome.contract.Examples.Example;

/** What stands in the log stays readable for as long as the log is kept: its text must not drift. */
class WireFormatTest {

    @ParameterizedTest
    @MethodSource("io.firstcome.contract.Examples#all")
    <V extends AboutCoupon> void shouldWriteExactlyThisText(Example<V> example) {
        assertThat(new String(example.topic().encode(example.value()), UTF_8)).isEqualTo(example.json());
    }

    @ParameterizedTest
    @MethodSource("io.firstcome.contract.Examples#all")
    <V extends AboutCoupon> void shouldReadBackWhatItWrote(Example<V> example) {
        assertThat(example.topic().decode(example.json().getBytes(UTF_8))).isEqualTo(example.value());
    }

    @ParameterizedTest
    @MethodSource("io.firstcome.contract.Examples#all")
    <V extends AboutCoupon> void shouldKeyARecordByTheCouponOfItsValue(Example<V> example) {
        // when
        var produced = example.topic().record(example.value());

        // then
        assertThat(produced.topic()).isEqualTo(example.topic().name());
        assertThat(produced.key()).asString(UTF_8).isEqualTo("coffee_2026");
        assertThat(Topic.couponIdOf(produced.key())).isEqualTo(example.value().couponId());
        assertThat(produced.value()).asString(UTF_8).isEqualTo(example.json());
        assertThat(produced.partition()).isNull();
    }

    @Test
    void shouldHaveAnExampleOfEveryKind() {
        // given
        Set<Class<?>> kinds = Stream.of(CouponCommand.class, CouponOutcome.class)
                .flatMap(type -> Arrays.stream(type.getPermittedSubclasses()))
                .collect(Collectors.toCollection(HashSet::new));
        kinds.add(CouponState.class);

        // then
        assertThat(Examples.all()).extracting(example -> (Object) example.value().getClass())
                .containsAll(kinds);
    }

    @Test
    void shouldAcceptFieldsInAnyOrder() {
        // given
        String shuffled = """
                {"userId":"u1", "couponId":"coffee_2026", "requestId":"r-1", "type":"IssueCoupon"}""";

        // then
        assertThat(Topics.COMMANDS.decode(shuffled.getBytes(UTF_8))).isEqualTo(Examples.issueCoupon().value());
    }

    @Test
    void shouldDeriveRemainingInsteadOfTrustingIt() {
        // given
        String wrong = Examples.state().json().replace("\"remaining\":380", "\"remaining\":9999");

        // then
        assertThat(Topics.STATES.decode(wrong.getBytes(UTF_8)).remaining()).isEqualTo(380);
    }

    @Test
    void shouldReadAStateThatDoesNotSayWhatRemains() {
        // given
        String shorter = Examples.state().json().replace(",\"remaining\":380", "");

        // then
        assertThat(Topics.STATES.decode(shorter.getBytes(UTF_8))).isEqualTo(Examples.state().value());
    }

    @Test
    void shouldReadATimeWithAnOffsetAsTheSameMoment() {
        // given
        String seoul = Examples.defineCoupon().json().replace("2026-01-01T09:00:00Z", "2026-01-01T18:00:00+09:00");

        // then
        assertThat(Topics.COMMANDS.decode(seoul.getBytes(UTF_8))).isEqualTo(Examples.defineCoupon().value());
    }
}

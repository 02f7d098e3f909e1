package io.firstcome.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import io.firstcome.contract.Examples.Example;
import io.firstcome.contract.topic.Topic;
import io.firstcome.contract.topic.Topics;

/** Records stay in the topics for a long time, so the JSON of every type must stay the same. */
class WireFormatTest {

    @ParameterizedTest
    @MethodSource("io.firstcome.contract.Examples#all")
    <V extends AboutCoupon> void shouldWriteExactlyThisText(Example<V> example) {
        // when
        byte[] encoded = example.topic().encode(example.value());

        // then
        assertThat(new String(encoded, UTF_8)).isEqualTo(example.json());
    }

    @ParameterizedTest
    @MethodSource("io.firstcome.contract.Examples#all")
    <V extends AboutCoupon> void shouldReadWhatItWrote(Example<V> example) {
        // when
        V decoded = example.topic().decode(example.json().getBytes(UTF_8));

        // then
        assertThat(decoded).isEqualTo(example.value());
    }

    @ParameterizedTest
    @MethodSource("io.firstcome.contract.Examples#all")
    <V extends AboutCoupon> void shouldKeyARecordByTheCouponOfItsValue(Example<V> example) {
        // when
        var record = example.topic().record(example.value());

        // then
        assertThat(record.topic()).isEqualTo(example.topic().name());
        assertThat(record.key()).asString(UTF_8).isEqualTo("coffee_2026");
        assertThat(Topic.couponIdOf(record.key())).isEqualTo(example.value().couponId());
        assertThat(record.value()).asString(UTF_8).isEqualTo(example.json());
        assertThat(record.partition()).isNull();
    }

    @Test
    void shouldHaveAnExampleOfEveryType() {
        // given
        Set<Class<?>> types = Stream.of(CouponCommand.class, CouponOutcome.class)
                .flatMap(type -> Arrays.stream(type.getPermittedSubclasses()))
                .collect(Collectors.toCollection(HashSet::new));
        types.add(CouponState.class);

        // when
        List<Example<?>> examples = Examples.all();

        // then
        assertThat(examples).extracting(example -> (Object) example.value().getClass()).containsAll(types);
    }

    @Test
    void shouldAcceptFieldsInAnyOrder() {
        // given
        String shuffled = """
                {"userId":"u1", "couponId":"coffee_2026", "requestId":"r-1", "type":"IssueCoupon"}""";

        // when
        CouponCommand command = Topics.COMMANDS.decode(shuffled.getBytes(UTF_8));

        // then
        assertThat(command).isEqualTo(Examples.issueCoupon().value());
    }

    @Test
    void shouldComputeRemainingAndIgnoreTheFieldInTheJson() {
        // given
        String wrong = Examples.state().json().replace("\"remaining\":380", "\"remaining\":9999");

        // when
        CouponState state = Topics.STATES.decode(wrong.getBytes(UTF_8));

        // then
        assertThat(state.remaining()).isEqualTo(380);
    }

    @Test
    void shouldReadAStateWithoutRemaining() {
        // given
        String shorter = Examples.state().json().replace(",\"remaining\":380", "");

        // when
        CouponState state = Topics.STATES.decode(shorter.getBytes(UTF_8));

        // then
        assertThat(state).isEqualTo(Examples.state().value());
    }

    @Test
    void shouldReadATimeWithAnOffsetAsTheSameInstant() {
        // given
        String seoul = Examples.defineCoupon().json().replace("2026-01-01T09:00:00Z", "2026-01-01T18:00:00+09:00");

        // when
        CouponCommand command = Topics.COMMANDS.decode(seoul.getBytes(UTF_8));

        // then
        assertThat(command).isEqualTo(Examples.defineCoupon().value());
    }
}

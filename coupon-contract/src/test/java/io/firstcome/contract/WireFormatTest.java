package io.firstcome.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import io.firstcome.contract.Examples.Example;
import io.firstcome.contract.json.ContractViolation;
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

    /** An earlier release rejects unknown fields. */
    @Test
    void shouldNotUseNewFieldsForOldValues() {
        // when
        Stream<String> written = Examples.ofFirstRelease().stream().map(WireFormatTest::written);

        // then
        assertThat(written).noneMatch(json -> Stream.of("perUser", "reclaim", "nth", "revoked", "heldSequences")
                .anyMatch(json::contains));
    }

    private static <V extends AboutCoupon> String written(Example<V> example) {
        return new String(example.topic().encode(example.value()), UTF_8);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "defineCoupon|\"closesAt\":\"2026-01-01T10:00:00Z\"|,\"perUser\":1,\"reclaim\":true",
        "couponIssued|\"issuedAt\":\"2026-01-01T09:00:10.250Z\"|,\"nth\":1",
        "state|\"issued\":120|,\"revoked\":0"})
    void shouldReadDefaultsThatAreWritten(String name, String field, String defaults) {
        // given
        Example<?> example = switch (name) {
            case "defineCoupon" -> Examples.defineCoupon();
            case "couponIssued" -> Examples.couponIssued();
            default -> Examples.state();
        };
        String longer = example.json().replace(field, field + defaults);

        // when
        AboutCoupon value = example.topic().decode(longer.getBytes(UTF_8));

        // then
        assertThat(longer).isNotEqualTo(example.json());
        assertThat(value).isEqualTo(example.value());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "\"perUser\":3|\"perUser\":0|perUser must be from 1 to 100, not 0",
        "\"perUser\":3|\"perUser\":101|perUser must be from 1 to 100, not 101",
        "\"perUser\":3|\"perUser\":1.5|perUser must be a whole number",
        "\"reclaim\":false|\"reclaim\":\"no\"|reclaim must be true or false"})
    void shouldNameAnInvalidLimit(String valid, String invalid, String problem) {
        // given
        String json = Examples.defineLimits().json().replace(valid, invalid);

        // then
        assertThatThrownBy(() -> Topics.COMMANDS.decode(json.getBytes(UTF_8)))
                .isInstanceOf(ContractViolation.class).hasMessageStartingWith(problem);
    }

    @Test
    void shouldRequireHeldSequencesExactlyWithLimitReached() {
        // given
        String without = Examples.limitReached().json().replace(",\"heldSequences\":[7,121]", "");
        String other = Examples.limitReached().json().replace("LIMIT_REACHED", "SOLD_OUT");
        String none = Examples.limitReached().json().replace("[7,121]", "[]");
        String number = Examples.limitReached().json().replace("[7,121]", "7");
        String descending = Examples.limitReached().json().replace("[7,121]", "[121,7]");

        // then
        assertThat(Stream.of(without, other, none, number, descending)).allSatisfy(
                json -> assertThatThrownBy(() -> Topics.OUTCOMES.decode(json.getBytes(UTF_8)))
                        .isInstanceOf(ContractViolation.class).hasMessageStartingWith("heldSequences must be"));
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

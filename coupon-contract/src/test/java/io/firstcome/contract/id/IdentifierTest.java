package io.firstcome.contract.id;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.function.Function;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.firstcome.contract.json.ContractViolation;
import io.firstcome.contract.topic.Topic;

class IdentifierTest {

    static Stream<String> invalid() {
        return Stream.of("", " ", "a b", "a/b", "a.b", "a:b", "{a}", "ä", "쿠폰", "a\n", "\n", "a\u0000", "١",
                "x".repeat(65));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "0", "-", "_", "A-Za-z0-9_-",
        "01234567890123456789012345678901234567890123456789abcdefghijABCD"})
    void shouldAcceptIdentifiers(String value) {
        // when
        Stream<Object> identifiers = Stream.of(new CouponId(value), new UserId(value), new RequestId(value));

        // then
        assertThat(identifiers).extracting(Object::toString).containsOnly(value);
    }

    @ParameterizedTest
    @MethodSource("invalid")
    void shouldRejectEverythingElse(String value) {
        assertRejected(CouponId::new, "couponId", value);
        assertRejected(UserId::new, "userId", value);
        assertRejected(RequestId::new, "requestId", value);
    }

    private static void assertRejected(Function<String, ?> constructor, String field, String value) {
        assertThatThrownBy(() -> constructor.apply(value)).isInstanceOf(ContractViolation.class)
                .hasMessage(field + " must be 1 to 64 of the characters A-Z a-z 0-9 _ -");
    }

    @Test
    void shouldRejectNull() {
        assertThatThrownBy(() -> new CouponId(null)).hasMessage("couponId is missing");
        assertThatThrownBy(() -> new UserId(null)).hasMessage("userId is missing");
        assertThatThrownBy(() -> new RequestId(null)).hasMessage("requestId is missing");
    }

    @Test
    void shouldReadItsOwnKey() {
        // given
        byte[] key = Topic.key(new CouponId("c-1"));

        // when
        CouponId couponId = Topic.couponIdOf(key);

        // then
        assertThat(couponId).isEqualTo(new CouponId("c-1"));
    }

    static Stream<byte[]> invalidKeys() {
        return Stream.of(null, new byte[0], new byte[]{'c', (byte) 0xff}, new byte[]{(byte) 0xc3},
                new byte[]{(byte) 0xed, (byte) 0xa0, (byte) 0x80}, new byte[]{'c', 0}, "ä".getBytes(ISO_8859_1),
                "c".getBytes(UTF_16), "\"c\"".getBytes(UTF_8), "x".repeat(65).getBytes(UTF_8));
    }

    @ParameterizedTest
    @MethodSource("invalidKeys")
    void shouldRejectAKeyThatIsNotACouponId(byte[] key) {
        assertThatThrownBy(() -> Topic.couponIdOf(key)).isInstanceOf(ContractViolation.class)
                .hasMessageStartingWith("couponId ");
    }
}

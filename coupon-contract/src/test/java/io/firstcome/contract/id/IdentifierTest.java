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
        Stream<Object> identifiers = Stream.of(new CouponId(value), new RequestId(value));

        // then
        assertThat(identifiers).extracting(Object::toString).containsOnly(value);
    }

    @ParameterizedTest
    @MethodSource("invalid")
    void shouldRejectEverythingElse(String value) {
        assertRejected(CouponId::new, "couponId", value);
        assertRejected(RequestId::new, "requestId", value);
    }

    @ParameterizedTest
    @ValueSource(strings = {"u", "A-Za-z0-9_-", ".a", "...", "-", "~", "+", "=", "auth0|5f7c8ec7c33c6c004bbafe82",
        "us-east-1:8f1b1c2e-6d0a-4c3a-9d0f-0f1e2d3c4b5a", "f:1a2b:kim.minji", "a+b=c~d@example.com"})
    void shouldAcceptIdsOfIdentityProviders(String value) {
        assertThat(new UserId(value)).hasToString(value);
        assertThat(new UserId(value + "x".repeat(128 - value.length())).value()).hasSize(128);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", ".", "..", " ", "a b", "a/b", "%2e%2e", "a\\b", "a\"b", "a;b", "a&b", "a#b", "a?b", "a,b",
                "{a}", "ä", "김민지", "a\n", "a\u0000", "\u007f"})
    void shouldRejectUsersWithOtherCharacters(String value) {
        String message = "userId must be 1 to 128 of the characters A-Z a-z 0-9 _ - . : | @ + = ~ and neither . nor ..";
        assertThatThrownBy(() -> new UserId(value)).isInstanceOf(ContractViolation.class).hasMessage(message);
        assertThatThrownBy(() -> new UserId("x".repeat(129))).hasMessage(message);
    }

    @Test
    void shouldTellUsersApartByCase() {
        assertThat(new UserId("Mina@example.com")).isNotEqualTo(new UserId("mina@example.com"));
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

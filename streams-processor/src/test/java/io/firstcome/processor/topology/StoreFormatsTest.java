package io.firstcome.processor.topology;

import static io.firstcome.testkit.fixture.CouponFixture.COUPON;
import static io.firstcome.testkit.fixture.CouponFixture.at;
import static io.firstcome.testkit.fixture.CouponFixture.definition;
import static io.firstcome.testkit.fixture.CouponFixture.limited;
import static io.firstcome.testkit.fixture.CouponFixture.requestId;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import org.apache.kafka.common.serialization.Serde;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import io.firstcome.contract.CouponStatus;
import io.firstcome.contract.id.RequestId;
import io.firstcome.processor.continuity.LogPosition;
import io.firstcome.processor.continuity.NewerData;
import io.firstcome.processor.issuance.Holding;
import io.firstcome.processor.issuance.Holding.Revocation;
import io.firstcome.processor.issuance.Holdings;

/** Stores and changelogs outlive a release. The bytes here were written by releases and never change. */
class StoreFormatsTest {

    /** 2026-01-01T09:00:10Z and one second later, in milliseconds. */
    private static final String TEN = "0000019b78c93190";
    private static final String ELEVEN = "0000019b78c93578";

    private static final Holding FIRST = new Holding(requestId("r1"), 42, at(10));
    private static final Holding SECOND = new Holding(requestId("r22"), 77, at(11));

    /** What the first release wrote. */
    static Stream<Arguments> ofFirstRelease() {
        return Stream.of(
                arguments(StoreFormats.HOLDINGS, "000000000000002a" + TEN + text("r1"), new Holdings(List.of(FIRST))),
                arguments(StoreFormats.HOLDINGS, "000000003b9aca00" + TEN + text("x".repeat(64)), new Holdings(
                        List.of(new Holding(requestId("x".repeat(64)), 1_000_000_000, at(10))))),
                arguments(StoreFormats.COUNTER, "000000000000002a" + TEN, new IssueCounter(42, 0, at(10))),
                arguments(StoreFormats.POSITION, "000000000000002a" + text("a-b_C"), new LogPosition("a-b_C", 42)),
                arguments(StoreFormats.CONFIG, text("""
                        {"definition":{"couponId":"c1","name":"Coffee on the house","stock":5,\
                        "opensAt":"2026-01-01T09:00:00Z","closesAt":"2026-01-01T10:00:00Z"},\
                        "status":"PAUSED","version":3}"""), new CouponConfig(definition(COUPON, 5),
                        CouponStatus.PAUSED, 3)));
    }

    /** What the release with revocations and limits writes, for what the first release does not have. */
    static Stream<Arguments> ofLaterReleases() {
        return Stream.of(
                arguments(StoreFormats.HOLDINGS,
                        "fe" + "000000000000002a" + TEN + "02" + text("r1") + "02" + text("a9") + ELEVEN,
                        new Holdings(List.of(revoked(FIRST)))),
                arguments(StoreFormats.HOLDINGS, "fe" + "000000000000002a" + TEN + "02" + text("r1") + "00"
                        + "000000000000004d" + ELEVEN + "03" + text("r22") + "00",
                        new Holdings(List.of(FIRST, SECOND))),
                arguments(StoreFormats.HOLDINGS, "fe" + "000000000000002a" + TEN + "02" + text("r1") + "02"
                        + text("a9") + ELEVEN + "000000000000004d" + ELEVEN + "03" + text("r22") + "00",
                        new Holdings(List.of(revoked(FIRST), SECOND))),
                arguments(StoreFormats.COUNTER, "000000000000002a" + TEN + "0000000000000003",
                        new IssueCounter(42, 3, at(10))),
                arguments(StoreFormats.CONFIG, text("""
                        {"definition":{"couponId":"c1","name":"Coffee on the house","stock":5,\
                        "opensAt":"2026-01-01T09:00:00Z","closesAt":"2026-01-01T10:00:00Z",\
                        "perUser":3,"reclaim":false},"status":"ACTIVE","version":1}"""), new CouponConfig(
                        limited(5, 3, false), CouponStatus.ACTIVE, 1)));
    }

    @ParameterizedTest
    @MethodSource({"ofFirstRelease", "ofLaterReleases"})
    <V> void shouldReadWhatReleasesWrote(Serde<V> format, String hex, V value) {
        // when
        V read = format.deserializer().deserialize("store", bytes(hex));

        // then
        assertThat(read).isEqualTo(value);
    }

    @ParameterizedTest
    @MethodSource({"ofFirstRelease", "ofLaterReleases"})
    <V> void shouldWriteWhatTheEarliestReleaseReads(Serde<V> format, String hex, V value) {
        // when
        byte[] written = format.serializer().serialize("store", value);

        // then
        assertThat(HexFormat.of().formatHex(written)).isEqualTo(hex);
    }

    static Stream<Arguments> ofALaterRelease() {
        return Stream.of(
                arguments(StoreFormats.HOLDINGS, "fd" + "000000000000002a", "issues of a user in format -3"),
                arguments(StoreFormats.HOLDINGS, "80" + "00000000000000", "issues of a user in format -128"),
                arguments(StoreFormats.COUNTER, "000000000000002a" + TEN + "0000000000000003" + "01",
                        "a counter of 25 bytes"),
                arguments(StoreFormats.COUNTER, "000000000000002a" + TEN + "01", "a counter of 17 bytes"),
                arguments(StoreFormats.CONFIG, text("""
                        {"definition":{"couponId":"c1","name":"Coffee","stock":5,"opensAt":"2026-01-01T09:00:00Z",\
                        "closesAt":"2026-01-01T10:00:00Z","color":"red"},"status":"ACTIVE","version":1}"""),
                        "a coupon: color is not a known field"),
                arguments(StoreFormats.CONFIG, text("""
                        {"definition":{"couponId":"c1","name":"Coffee","stock":5,"opensAt":"2026-01-01T09:00:00Z",\
                        "closesAt":"2026-01-01T10:00:00Z"},"status":"SUSPENDED","version":1}"""),
                        "a coupon: status must be one of"));
    }

    @ParameterizedTest
    @MethodSource("ofALaterRelease")
    void shouldStopAtAValueOfALaterRelease(Serde<?> format, String hex, String problem) {
        assertThatThrownBy(() -> format.deserializer().deserialize("store", bytes(hex)))
                .isInstanceOf(NewerData.class).hasMessageStartingWith("The stores have " + problem)
                .hasMessageContaining("Start that version or a later one");
    }

    @Test
    void shouldKeepTheLargestHoldings() {
        // given
        RequestId longest = requestId("x".repeat(64));
        var all = new Holdings(Stream.iterate(1L, sequence -> sequence + 1).limit(200)
                .map(sequence -> revoked(new Holding(longest, sequence, at(sequence)))).toList());

        // when
        byte[] written = StoreFormats.HOLDINGS.serializer().serialize("store", all);

        // then
        assertThat(StoreFormats.HOLDINGS.deserializer().deserialize("store", written)).isEqualTo(all);
    }

    private static Holding revoked(Holding holding) {
        return new Holding(holding.requestId(), holding.sequence(), holding.issuedAt(),
                Optional.of(new Revocation(requestId("a9"), at(11))));
    }

    private static String text(String text) {
        return HexFormat.of().formatHex(text.getBytes(UTF_8));
    }

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex);
    }
}

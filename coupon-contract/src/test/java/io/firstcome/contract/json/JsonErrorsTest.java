package io.firstcome.contract.json;

import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Named.named;

import java.time.Instant;
import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.firstcome.contract.AboutCoupon;
import io.firstcome.contract.CouponOutcome.CommandInvalid;
import io.firstcome.contract.Examples;
import io.firstcome.contract.Examples.Example;
import io.firstcome.contract.id.CouponId;
import io.firstcome.contract.id.RequestId;
import io.firstcome.contract.topic.Topic;
import io.firstcome.contract.topic.Topics;

/** Each case changes one part of a valid text; the message names that part. */
class JsonErrorsTest {

    @ParameterizedTest(name = "{1} as {2}")
    @CsvSource(delimiter = '|', quoteCharacter = '\0', emptyValue = "", nullValues = "(removed)", value = {
        "IssueCoupon|\"r-1\"|null|requestId is missing",
        "IssueCoupon|\"requestId\":\"r-1\",|(removed)|requestId is missing",
        "IssueCoupon|\"u1\"|null|userId is missing",
        "IssueCoupon|,\"userId\":\"u1\"|(removed)|userId is missing",
        "IssueCoupon|\"u1\"|5|userId must be text",
        "IssueCoupon|\"u1\"|1.5|userId must be text",
        "IssueCoupon|\"u1\"|true|userId must be text",
        "IssueCoupon|\"u1\"|{}|userId must be text",
        "IssueCoupon|\"u1\"|[\"u1\"]|userId must be text",
        "IssueCoupon|\"coffee_2026\"|\"a b\"|couponId must be 1 to 64 of the characters A-Z a-z 0-9 _ -",
        "IssueCoupon|\"coffee_2026\"|7|couponId must be text",
        "IssueCoupon|\"r-1\"|7|requestId must be text",
        "IssueCoupon|}|,\"extra\":1}|extra is not a known field",
        "IssueCoupon|}|,\"fine & dandy\":1}|body has an unknown field",
        "IssueCoupon|}|,\"userId\":\"u2\"}|body is not valid JSON or repeats a field: line 1, column 88, at userId",
        "IssueCoupon|\"IssueCoupon\"|\"GrantCoupon\"|type must be a known type",
        "IssueCoupon|\"IssueCoupon\"|null|type must be a known type",
        "IssueCoupon|\"IssueCoupon\"|5|type must be a known type",
        "IssueCoupon|\"type\":\"IssueCoupon\",|(removed)|type must be a known type",
        "IssueCoupon|}|} {}|body must be exactly one JSON object",
        "IssueCoupon|}|}}|body is not valid JSON or repeats a field: line 1, column 80",
        "IssueCoupon|}|,}|body is not valid JSON or repeats a field: line 1, column 80, at userId",
        "IssueCoupon|}|(removed)|body is not valid JSON or repeats a field: line 1, column 79, at userId",
        "DefineCoupon|500|\"500\"|stock must be a whole number",
        "DefineCoupon|500|500.0|stock must be a whole number",
        "DefineCoupon|500|5e2|stock must be a whole number",
        "DefineCoupon|500|true|stock must be a whole number",
        "DefineCoupon|500|null|stock must be a whole number",
        "DefineCoupon|500|\"\"|stock must be a whole number",
        "DefineCoupon|500|[500]|stock must be a whole number",
        "DefineCoupon|\"stock\":500,|(removed)|stock must be a whole number",
        "DefineCoupon|500|0|stock must be from 1 to 1000000000, not 0",
        "DefineCoupon|500|-1|stock must be from 1 to 1000000000, not -1",
        "DefineCoupon|500|1000000001|stock must be from 1 to 1000000000, not 1000000001",
        "DefineCoupon|500|9223372036854775808|stock is too large",
        "DefineCoupon|500|1e400|stock must be a whole number",
        "DefineCoupon|500|NaN|body is not valid JSON or repeats a field: line 1, column 109, at stock",
        "DefineCoupon|500|0500|body is not valid JSON or repeats a field: line 1, column 107, at stock",
        "DefineCoupon|\"무료 커피 ☕\"|\"\"|name must be 1 to 200 characters of visible text",
        "DefineCoupon|\"무료 커피 ☕\"|\" \\t \"|name must be 1 to 200 characters of visible text",
        "DefineCoupon|\"무료 커피 ☕\"|\"a\\u0000b\"|name must be 1 to 200 characters of visible text",
        "DefineCoupon|\"무료 커피 ☕\"|\"half \\ud83d a pair\"|name must be 1 to 200 characters of visible text",
        "DefineCoupon|\"무료 커피 ☕\"|12|name must be text",
        "DefineCoupon|\"무료 커피 ☕\"|null|name is missing",
        "DefineCoupon|\"2026-01-01T09:00:00Z\"|1767258000|opensAt must be a UTC time such as 2026-01-31T09:00:00Z",
        "DefineCoupon|\"2026-01-01T09:00:00Z\"|\"\"|opensAt must be a UTC time such as 2026-01-31T09:00:00Z",
        "DefineCoupon|\"2026-01-01T09:00:00Z\"|\"soon\"|opensAt must be a UTC time such as 2026-01-31T09:00:00Z",
        "DefineCoupon|09:00:00Z|09:00:00|opensAt must be a UTC time such as 2026-01-31T09:00:00Z",
        "DefineCoupon|2026-01-01T09|2026-02-30T09|opensAt must be a UTC time such as 2026-01-31T09:00:00Z",
        "DefineCoupon|09:00:00Z|09:00:00.0001Z|opensAt must be a time in whole milliseconds",
        "DefineCoupon|2026-01-01T09|1969-12-31T09|opensAt must be between the years 1970 and 9999",
        "DefineCoupon|2026-01-01T10|+10000-01-01T10|closesAt must be between the years 1970 and 9999",
        "DefineCoupon|T10:00:00Z|T09:00:00Z|closesAt must be after opensAt",
        "DefineCoupon|,\"closesAt\":\"2026-01-01T10:00:00Z\"|(removed)|closesAt is missing",
        "DefineCoupon|coffee_2026|coffee/2026|couponId must be 1 to 64 of the characters A-Z a-z 0-9 _ -",
        "DefineCoupon|\"r-1\",|\"r-1\",\"couponId\":\"other\",|couponId is not a known field",
        "DefineCoupon|{\"couponId|{\"color\":1,\"couponId|color is not a known field",
        "CouponIssued|121|0|sequence must be from 1 to 9007199254740991, not 0",
        "CouponIssued|}|,\"decidedAt\":\"2026-01-01T09:00:10Z\"}|decidedAt is not a known field",
        "IssueRejected|\"SOLD_OUT\"|\"sold_out\"|reason must be one of "
                + "[UNKNOWN_COUPON, ALREADY_ISSUED, LIMIT_REACHED, REVOKED, PAUSED, NOT_STARTED, ENDED, SOLD_OUT]",
        "IssueRejected|\"SOLD_OUT\"|5|reason must be one of "
                + "[UNKNOWN_COUPON, ALREADY_ISSUED, LIMIT_REACHED, REVOKED, PAUSED, NOT_STARTED, ENDED, SOLD_OUT]",
        "IssueRejected|\"SOLD_OUT\"|null|reason is missing",
        "IssueRejected|SOLD_OUT|ALREADY_ISSUED|heldSequence must be present if and only if reason is ALREADY_ISSUED",
        "IssueRejected|SOLD_OUT|NOT_STARTED|opensAt must be present if and only if reason is NOT_STARTED",
        "IssueRejected|}|,\"heldSequence\":1}|heldSequence must be present if and only if reason is ALREADY_ISSUED",
        "IssueRejected|}|,\"heldSequence\":\" \"}|heldSequence must be a whole number",
        "CouponChanged|120|501|issued must not exceed the stock by more than the number of revoked coupons",
        "CouponChanged|\"version\":3|\"version\":0|version must be from 1 to 9223372036854775807, not 0",
        "CouponChanged|\"PAUSED\"|\"paused\"|status must be one of [ACTIVE, PAUSED, CLOSED, ARCHIVED]",
        "CouponChanged|\"CHANGED\"|\"MOVED\"|change must be one of [CREATED, CHANGED, UNCHANGED]",
        "CommandInvalid|userId is missing||detail must be 1 to 500 characters of visible text",
        "CouponState|}|,\"soldOut\":true}|soldOut is not a known field"})
    void shouldNameTheInvalidField(String kind, String valid, String invalid, String message) {
        // given
        Example<?> example = example(kind);
        String broken = replaceLast(example.json(), valid, invalid == null ? "" : invalid);

        // when
        ContractViolation violation = violation(example.topic(), broken.getBytes(UTF_8));

        // then
        assertThat(violation).hasMessage(message);
        assertThat(message).startsWith(violation.field());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', value = {
        "IssueCoupon|\"IssueCoupon\"|\"TradeIssue\"|the type TradeIssue",
        "DefineCoupon|{\"couponId|{\"color\":2,\"couponId|the field color",
        "CouponState|\"PAUSED\"|\"SUSPENDED\"|the value SUSPENDED of status",
        "IssueRejected|\"SOLD_OUT\"|\"OUT_OF_SEASON\"|the value OUT_OF_SEASON of reason"})
    void shouldNameWhatANewerVersionMayHaveWritten(String kind, String known, String unknown, String found) {
        // given
        Example<?> example = example(kind);
        byte[] newer = replaceLast(example.json(), known, unknown).getBytes(UTF_8);

        // when
        ContractViolation violation = violation(example.topic(), newer);

        // then
        assertThat(violation).isInstanceOfSatisfying(NewerFormat.class,
                it -> assertThat(it.found()).isEqualTo(found));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"type\":\"TradeIssue\"", "{\"type\":\"TradeIssue\"}x", "{\"type\":\"revoke issue\"}",
        "{\"type\":5}", "{\"type\":null}", "{\"type\":\"PauseCoupon\",\"fine & dandy\":1}",
        "{\"type\":\"PauseCoupon\",\"extra\":1,\"extra\":2}", "{\"requestId\":\"r1\"}", "TradeIssue"})
    void shouldNotTakeInvalidBytesForANewerVersion(String value) {
        assertThat(violation(Topics.COMMANDS, value.getBytes(UTF_8))).isNotNull().isNotInstanceOf(NewerFormat.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "u/1", ".", "..", "u1\\n", "유저", "\\ud800"})
    void shouldNameAnInvalidUser(String user) {
        // given
        String broken = replaceLast(example("IssueCoupon").json(), "u1", user);

        // when
        ContractViolation violation = violation(Topics.COMMANDS, broken.getBytes(UTF_8));

        // then
        assertThat(violation).hasMessage(
                "userId must be 1 to 128 of the characters A-Z a-z 0-9 _ - . : | @ + = ~ and neither . nor ..");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "null", "[]", "5", "\"text\"", "[{}]", "{", "{}x", "IssueCoupon"})
    void shouldRejectABodyThatIsNotAnObject(String body) {
        // when
        ContractViolation violation = violation(Topics.COMMANDS, body.getBytes(UTF_8));

        // then
        assertThat(violation.field()).isIn("body", "type");
    }

    @Test
    void shouldRejectARecordWithoutValue() {
        // when
        ContractViolation violation = violation(Topics.COMMANDS, null);

        // then
        assertThat(violation).hasMessage("body is missing");
    }

    static Stream<Named<byte[]>> otherEncodings() {
        String valid = example("DefineCoupon").json();
        return Stream.of(named("bytes that are not text", new byte[]{(byte) 0xff, (byte) 0xfe, 0, 1}),
                named("a truncated character", new byte[]{'{', '"', (byte) 0xc3, '"'}),
                named("an overlong form", new byte[]{'{', '"', 't', 'y', 'p', 'e', '"', ':', '"', (byte) 0xc1,
                    (byte) 0x81, '"', '}'}),
                named("UTF-16", valid.getBytes(UTF_16)), named("UTF-16LE", valid.getBytes(UTF_16LE)),
                named("a byte order mark", ("\ufeff" + valid).getBytes(UTF_8)));
    }

    @ParameterizedTest
    @MethodSource("otherEncodings")
    void shouldReadStrictUtf8Only(byte[] value) {
        // when
        ContractViolation violation = violation(Topics.COMMANDS, value);

        // then
        assertThat(violation).hasMessageStartingWith("body is not valid ");
    }

    @Test
    void shouldRejectNestingThatWouldOverflowTheStack() {
        // given
        byte[] nested = "{\"a\":".repeat(100_000).getBytes(UTF_8);

        // when
        ContractViolation violation = violation(Topics.COMMANDS, nested);

        // then
        assertThat(violation).isNotNull();
    }

    @ParameterizedTest
    @MethodSource("io.firstcome.contract.Examples#all")
    <V extends AboutCoupon> void shouldRejectEveryTruncatedExample(Example<V> example) {
        // given
        byte[] whole = example.json().getBytes(UTF_8);
        Stream<byte[]> truncated = IntStream.range(0, whole.length).mapToObj(length -> Arrays.copyOf(whole, length));

        // when
        Stream<ContractViolation> violations = truncated.map(value -> violation(example.topic(), value));

        // then
        assertThat(violations).hasSize(whole.length).doesNotContainNull();
    }

    /**
     * The authority writes these messages to outcomes, so a message that cannot be encoded would stop the authority.
     */
    @ParameterizedTest
    @ValueSource(strings = {"\\ud800", "\\u0000", "line\\nbreak", "<script>", "k"})
    void shouldBeWritableWhateverTheNameOfTheField(String name) {
        // given
        String body = """
                {"type":"IssueCoupon","requestId":"r","couponId":"c","userId":"u","%s":1}"""
                .formatted(name.repeat(400));

        // when
        ContractViolation violation = violation(Topics.COMMANDS, body.getBytes(UTF_8));

        // then
        var outcome = new CommandInvalid(new RequestId("r"), new CouponId("c"), violation.getMessage(), Instant.EPOCH);
        assertThat(Topics.OUTCOMES.decode(Topics.OUTCOMES.encode(outcome))).isEqualTo(outcome);
    }

    private static Example<?> example(String kind) {
        return Examples.all().stream().filter(e -> e.toString().equals(kind)).findFirst().orElseThrow();
    }

    /** Replaces the last occurrence, so that a closing brace is the outermost one. */
    private static String replaceLast(String json, String valid, String invalid) {
        int start = json.lastIndexOf(valid);
        assertThat(start).as("%s in %s", valid, json).isNotNegative();
        return json.substring(0, start) + invalid + json.substring(start + valid.length());
    }

    private static ContractViolation violation(Topic<?> topic, byte[] value) {
        return catchThrowableOfType(ContractViolation.class, () -> topic.decode(value));
    }
}

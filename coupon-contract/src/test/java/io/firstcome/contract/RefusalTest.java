package io.firstcome.contract;

import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Instant;
import java.util.Arrays;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.firstcome.contract.CouponOutcome.CommandInvalid;
import io.firstcome.contract.Examples.Example;

/** Each text is a good one with a single thing made wrong; the refusal names what was made wrong. */
class RefusalTest {

    @ParameterizedTest(name = "{1} as {2}")
    @CsvSource(delimiter = '|', quoteCharacter = '\0', emptyValue = "", nullValues = "(gone)", value = {
        "IssueCoupon|\"r-1\"|null|requestId is missing",
        "IssueCoupon|\"requestId\":\"r-1\",|(gone)|requestId is missing",
        "IssueCoupon|\"u1\"|null|userId is missing",
        "IssueCoupon|,\"userId\":\"u1\"|(gone)|userId is missing",
        "IssueCoupon|\"u1\"|\"\"|userId must be 1 to 64 of the characters A-Z a-z 0-9 _ -",
        "IssueCoupon|\"u1\"|\" \"|userId must be 1 to 64 of the characters A-Z a-z 0-9 _ -",
        "IssueCoupon|\"u1\"|\"u/1\"|userId must be 1 to 64 of the characters A-Z a-z 0-9 _ -",
        "IssueCoupon|\"u1\"|\"u.1\"|userId must be 1 to 64 of the characters A-Z a-z 0-9 _ -",
        "IssueCoupon|\"u1\"|\"u1\\n\"|userId must be 1 to 64 of the characters A-Z a-z 0-9 _ -",
        "IssueCoupon|\"u1\"|\"유저\"|userId must be 1 to 64 of the characters A-Z a-z 0-9 _ -",
        "IssueCoupon|\"u1\"|\"\\ud800\"|userId must be 1 to 64 of the characters A-Z a-z 0-9 _ -",
        "IssueCoupon|\"u1\"|5|userId must be text",
        "IssueCoupon|\"u1\"|1.5|userId must be text",
        "IssueCoupon|\"u1\"|true|userId must be text",
        "IssueCoupon|\"u1\"|{}|userId must be text",
        "IssueCoupon|\"u1\"|[\"u1\"]|userId must be text",
        "IssueCoupon|\"coffee_2026\"|\"a b\"|couponId must be 1 to 64 of the characters A-Z a-z 0-9 _ -",
        "IssueCoupon|\"coffee_2026\"|7|couponId must be text",
        "IssueCoupon|\"r-1\"|7|requestId must be text",
        "IssueCoupon|}|,\"extra\":1}|extra is not a field that is known here",
        "IssueCoupon|}|,\"fine & dandy\":1}|body has a field that is not known here",
        "IssueCoupon|}|,\"userId\":\"u2\"}|body is not valid JSON, or gives a field twice: line 1, column 88, at userId",
        "IssueCoupon|\"IssueCoupon\"|\"RevokeIssue\"|type must name a kind that is known here",
        "IssueCoupon|\"IssueCoupon\"|null|type must name a kind that is known here",
        "IssueCoupon|\"IssueCoupon\"|5|type must name a kind that is known here",
        "IssueCoupon|\"type\":\"IssueCoupon\",|(gone)|type must name a kind that is known here",
        "IssueCoupon|}|} {}|body must be one JSON object and nothing beside it",
        "IssueCoupon|}|}}|body is not valid JSON, or gives a field twice: line 1, column 80",
        "IssueCoupon|}|,}|body is not valid JSON, or gives a field twice: line 1, column 80, at userId",
        "IssueCoupon|}|(gone)|body is not valid JSON, or gives a field twice: line 1, column 79, at userId",
        "DefineCoupon|500|\"500\"|stock must be a whole number",
        "DefineCoupon|500|500.0|stock must be a whole number",
        "DefineCoupon|500|5e2|stock must be a whole number",
        "DefineCoupon|500|true|stock must be a whole number",
        "DefineCoupon|500|null|stock must be a whole number",
        "DefineCoupon|500|\"\"|stock must be a whole number",
        "DefineCoupon|500|[500]|stock must be a whole number",
        "DefineCoupon|\"stock\":500,|(gone)|stock must be a whole number",
        "DefineCoupon|500|0|stock must be from 1 to 1000000000, not 0",
        "DefineCoupon|500|-1|stock must be from 1 to 1000000000, not -1",
        "DefineCoupon|500|1000000001|stock must be from 1 to 1000000000, not 1000000001",
        "DefineCoupon|500|9223372036854775808|stock is too large a number",
        "DefineCoupon|500|1e400|stock must be a whole number",
        "DefineCoupon|500|NaN|body is not valid JSON, or gives a field twice: line 1, column 109, at stock",
        "DefineCoupon|500|0500|body is not valid JSON, or gives a field twice: line 1, column 107, at stock",
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
        "DefineCoupon|2026-01-01T09|1969-12-31T09|opensAt must lie between the years 1970 and 9999",
        "DefineCoupon|2026-01-01T10|+10000-01-01T10|closesAt must lie between the years 1970 and 9999",
        "DefineCoupon|T10:00:00Z|T09:00:00Z|closesAt must be after opensAt",
        "DefineCoupon|,\"closesAt\":\"2026-01-01T10:00:00Z\"|(gone)|closesAt is missing",
        "DefineCoupon|coffee_2026|coffee/2026|couponId must be 1 to 64 of the characters A-Z a-z 0-9 _ -",
        "DefineCoupon|\"r-1\",|\"r-1\",\"couponId\":\"other\",|couponId is not a field that is known here",
        "DefineCoupon|{\"couponId|{\"color\":1,\"couponId|color is not a field that is known here",
        "CouponIssued|121|0|sequence must be from 1 to 1000000000, not 0",
        "CouponIssued|}|,\"decidedAt\":\"2026-01-01T09:00:10Z\"}|decidedAt is not a field that is known here",
        "IssueRejected|\"SOLD_OUT\"|\"sold_out\"|reason must be one of "
                + "[UNKNOWN_COUPON, ALREADY_ISSUED, PAUSED, NOT_STARTED, ENDED, SOLD_OUT]",
        "IssueRejected|\"SOLD_OUT\"|5|reason must be one of "
                + "[UNKNOWN_COUPON, ALREADY_ISSUED, PAUSED, NOT_STARTED, ENDED, SOLD_OUT]",
        "IssueRejected|\"SOLD_OUT\"|null|reason is missing",
        "IssueRejected|SOLD_OUT|ALREADY_ISSUED|heldSequence goes with ALREADY_ISSUED and with nothing else",
        "IssueRejected|SOLD_OUT|NOT_STARTED|opensAt goes with NOT_STARTED and with nothing else",
        "IssueRejected|}|,\"heldSequence\":1}|heldSequence goes with ALREADY_ISSUED and with nothing else",
        "IssueRejected|}|,\"heldSequence\":\" \"}|heldSequence must be a whole number",
        "CouponChanged|120|501|issued must be from 0 to 500, not 501",
        "CouponChanged|\"version\":3|\"version\":0|version must be from 1 to 9223372036854775807, not 0",
        "CouponChanged|\"PAUSED\"|\"paused\"|status must be one of [ACTIVE, PAUSED, CLOSED]",
        "CouponChanged|\"CHANGED\"|\"MOVED\"|change must be one of [CREATED, CHANGED, UNCHANGED]",
        "CommandInvalid|userId is missing||detail must be 1 to 500 characters of visible text",
        "CouponState|}|,\"soldOut\":true}|soldOut is not a field that is known here"})
    void shouldNameWhatIsWrong(String kind, String right, String wrong, String message) {
        // given
        Example<?> example = example(kind);
        String broken = replaceLast(example.json(), right, wrong == null ? "" : wrong);

        // when
        ContractViolation refusal = refusal(example.topic(), broken.getBytes(UTF_8));

        // then
        assertThat(refusal).hasMessage(message);
        assertThat(message).startsWith(refusal.field());
    }

    private static Example<?> example(String kind) {
        return Examples.all().stream().filter(e -> e.toString().equals(kind)).findFirst().orElseThrow();
    }

    /** The last one, so that a closing brace is the outermost. */
    private static String replaceLast(String json, String right, String wrong) {
        int start = json.lastIndexOf(right);
        assertThat(start).as("%s in %s", right, json).isNotNegative();
        return json.substring(0, start) + wrong + json.substring(start + right.length());
    }

    private static ContractViolation refusal(Topic<?> topic, byte[] value) {
        return catchThrowableOfType(ContractViolation.class, () -> topic.decode(value));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "null", "[]", "5", "\"text\"", "[{}]", "{", "{}x", "IssueCoupon"})
    void shouldRefuseWhatIsNoObject(String body) {
        assertThat(refusal(Topics.COMMANDS, body.getBytes(UTF_8)).field()).isIn("body", "type");
    }

    @Test
    void shouldRefuseARecordWithoutValue() {
        assertThat(refusal(Topics.COMMANDS, null)).hasMessage("body is missing");
    }

    @Test
    void shouldRefuseBytesThatAreNoText() {
        assertThat(refusal(Topics.COMMANDS, new byte[]{(byte) 0xff, (byte) 0xfe, 0, 1})).isNotNull();
        assertThat(refusal(Topics.COMMANDS, new byte[]{'{', '"', (byte) 0xc3, '"'})).hasMessageStartingWith("body is");
    }

    /** What the parser alone would read: by other encodings, by a mark in front, by more bytes than a character needs. */
    @Test
    void shouldReadStrictUtf8AndNoOtherEncoding() {
        String fine = example("DefineCoupon").json();
        assertThat(Topics.COMMANDS.decode(fine.getBytes(UTF_8))).isNotNull();
        assertThat(refusal(Topics.COMMANDS, fine.getBytes(UTF_16))).isNotNull();
        assertThat(refusal(Topics.COMMANDS, fine.getBytes(UTF_16LE))).isNotNull();
        assertThat(refusal(Topics.COMMANDS, ("\ufeff" + fine).getBytes(UTF_8))).isNotNull();
        byte[] overlong = {'{', '"', 't', 'y', 'p', 'e', '"', ':', '"', (byte) 0xc1, (byte) 0x81, '"', '}'};
        assertThat(refusal(Topics.COMMANDS, overlong)).hasMessage("body is not text in UTF-8");
    }

    @Test
    void shouldRefuseNestingThatWouldExhaustTheStack() {
        assertThat(refusal(Topics.COMMANDS, "{\"a\":".repeat(100_000).getBytes(UTF_8))).isNotNull();
    }

    @ParameterizedTest
    @MethodSource("io.firstcome.contract.Examples#all")
    <V extends AboutCoupon> void shouldRefuseEveryExampleCutShort(Example<V> example) {
        byte[] whole = example.json().getBytes(UTF_8);
        for (int length = 0; length < whole.length; length++) {
            assertThat(refusal(example.topic(), Arrays.copyOf(whole, length))).isNotNull();
        }
    }

    /** The authority writes refusals to the log: none may be a text that it cannot write, or an attacker could. */
    @ParameterizedTest
    @ValueSource(strings = {"\\ud800", "\\u0000", "line\\nbreak", "<script>", "k"})
    void shouldBeWritableWhateverTheFieldIsCalled(String name) {
        // given
        String body = """
                {"type":"IssueCoupon","requestId":"r","couponId":"c","userId":"u","%s":1}"""
                .formatted(name.repeat(400));

        // when
        ContractViolation refusal = refusal(Topics.COMMANDS, body.getBytes(UTF_8));

        // then
        var told = new CommandInvalid(new RequestId("r"), new CouponId("c"), refusal.getMessage(), Instant.EPOCH);
        assertThat(Topics.OUTCOMES.decode(Topics.OUTCOMES.encode(told))).isEqualTo(told);
    }
}

package io.firstcome.ingress.fuzz;

import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;

import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Makes a body invalid: a JSON object of ASCII characters whose fields are all required. */
final class BrokenBodies {

    private static final Pattern MEMBER = Pattern.compile("\"(\\w+)\":(\"[^\"]*\"|\\d+)");
    private static final List<String> INVALID_VALUES = List.of("null", "true", "[]", "{}", "[1]", "\"\"", "\" \"",
            "1.5", "-1",
            "-0", "0", "1e999", "-1e999", "1e3", "NaN", "Infinity", "+1", "01", "0x10", "'a'", "undefined",
            "\"\\ud800\"",
            "\"\\u0000\"", "\"a\\nb\"", "\"" + "a".repeat(201) + "\"", "9".repeat(30), "9".repeat(2000),
            "1000000001", "\"\\x41\"", "\"a", "[".repeat(1500), "{\"a\":".repeat(700));

    private static final List<BiFunction<Draft, Random, BrokenRequest>> BREAKERS = List.of(BrokenBodies::cutShort,
            BrokenBodies::followed, BrokenBodies::member, BrokenBodies::missing, BrokenBodies::twice,
            BrokenBodies::unknown, BrokenBodies::notUtf8, BrokenBodies::otherEncoding, BrokenBodies::structure,
            BrokenBodies::tooLarge, BrokenBodies::type, BrokenBodies::chunks, BrokenBodies::framing);

    private BrokenBodies() {}

    static BrokenRequest next(Draft valid, Random random) {
        return BREAKERS.get(random.nextInt(BREAKERS.size())).apply(valid, random);
    }

    private static BrokenRequest cutShort(Draft valid, Random random) {
        return BrokenRequest.invalid("body cut short",
                valid.body(valid.text().substring(0, random.nextInt(valid.body().length))));
    }

    private static BrokenRequest followed(Draft valid, Random random) {
        return BrokenRequest.invalid("body followed",
                valid.body(valid.text() + one(random, "}", "{}", ",", "x", "0", "null", "\u0000", "//", "/**/")));
    }

    /** Replaces a value by one that is neither a valid name nor a valid stock nor a valid time. */
    private static BrokenRequest member(Draft valid, Random random) {
        Matcher member = anyMember(valid, random);
        String bad = INVALID_VALUES.get(random.nextInt(INVALID_VALUES.size()));
        return BrokenRequest.invalid("value of " + member.group(1),
                replaced(valid, member.start(2), member.end(2), bad));
    }

    private static BrokenRequest missing(Draft valid, Random random) {
        Matcher member = anyMember(valid, random);
        return BrokenRequest.invalid("field misnamed",
                replaced(valid, member.start(1), member.end(1), member.group(1) + one(random, "s", "_", "2")));
    }

    private static BrokenRequest twice(Draft valid, Random random) {
        Matcher member = anyMember(valid, random);
        return BrokenRequest.invalid("field twice",
                replaced(valid, member.start(), member.end(), member.group() + "," + member.group()));
    }

    private static BrokenRequest unknown(Draft valid, Random random) {
        String more = "\"" + one(random, "x", "userid", "requestId", "__proto__", "") + "\":"
                + one(random, "1", "null", "[[[]]]", "\"a\"");
        return BrokenRequest.invalid("unknown field", valid.body(valid.text().replaceFirst("\\{", "{" + more + ",")));
    }

    /** Inserts one byte above 0x7f, which is no UTF-8 character between ASCII bytes. */
    private static BrokenRequest notUtf8(Draft valid, Random random) {
        int at = random.nextInt(valid.body().length + 1);
        var bytes = new ByteArrayOutputStream();
        bytes.write(valid.body(), 0, at);
        bytes.write(0x80 + random.nextInt(0x80));
        bytes.write(valid.body(), at, valid.body().length - at);
        return BrokenRequest.invalid("not UTF-8", valid.body(bytes.toByteArray()));
    }

    private static BrokenRequest otherEncoding(Draft valid, Random random) {
        return BrokenRequest.invalid("other encoding", switch (random.nextInt(3)) {
            case 0 -> valid.body(valid.text().getBytes(UTF_16BE));
            case 1 -> valid.body(valid.text().getBytes(UTF_16LE));
            default -> valid.body("\ufeff" + valid.text());
        });
    }

    /** Replaces a brace, or a colon or quote of a random member. */
    private static BrokenRequest structure(Draft valid, Random random) {
        Matcher member = anyMember(valid, random);
        int colon = member.end(1) + 1;
        int at = List.of(0, valid.body().length - 1, colon, colon - 1, member.start()).get(random.nextInt(5));
        return BrokenRequest.invalid("structure",
                replaced(valid, at, at + 1, one(random, "x", " ", ";", "\\", "\u0001")));
    }

    private static BrokenRequest tooLarge(Draft valid, Random random) {
        String large = valid.text() + " ".repeat(4097 - valid.body().length + random.nextInt(2000));
        Draft draft = random.nextBoolean()
                ? valid.body(large)
                : valid.framed("Transfer-Encoding: chunked", Integer.toHexString(large.length()) + "\r\n" + large
                        + "\r\n0\r\n\r\n");
        return new BrokenRequest("too large", Set.of(413), draft);
    }

    private static BrokenRequest type(Draft valid, Random random) {
        String type = one(random, "text/plain", "application/x-www-form-urlencoded", "application/json; charset=utf-16",
                "application/json; charset=", "application/jsonx", "json", "", "multipart/form-data; boundary=x",
                "application/json\r\nContent-Type: application/json");
        return new BrokenRequest("type " + type, Set.of(415),
                valid.without("Content-Type").and("Content-Type: " + type));
    }

    private static BrokenRequest chunks(Draft valid, Random random) {
        String size = Integer.toHexString(valid.body().length);
        String chunks = one(random, "x" + size + "\r\n" + valid.text() + "\r\n0\r\n\r\n",
                size + "\r\n" + valid.text() + "x\r\n0\r\n\r\n", "-" + size + "\r\n" + valid.text() + "\r\n0\r\n\r\n",
                size + "\r\n" + valid.text() + "0\r\n\r\n", "\r\n\r\n",
                size + "\n" + valid.text() + "\n0\n\n");
        return BrokenRequest.invalid("chunks", valid.framed("Transfer-Encoding: chunked", chunks));
    }

    private static BrokenRequest framing(Draft valid, Random random) {
        int length = valid.body().length;
        String framing = one(random, "Content-Length: -" + length, "Content-Length: +" + length, "Content-Length: x",
                "Content-Length: 0x" + Integer.toHexString(length),
                "Content-Length: " + length + "\r\nContent-Length: 1",
                "Content-Length: " + length + ", 1", "Content-Length: " + "9".repeat(40),
                "Content-Length: " + length + "\r\nTransfer-Encoding: chunked",
                "Transfer-Encoding: gzip", "Transfer-Encoding: chunked, chunked", "Transfer-Encoding: chunked, gzip");
        return BrokenRequest.invalid("framing", valid.framed(framing, valid.text()));
    }

    private static Matcher anyMember(Draft valid, Random random) {
        Matcher member = MEMBER.matcher(valid.text());
        for (int skip = random.nextInt((int) MEMBER.matcher(valid.text()).results().count()); skip >= 0; skip--) {
            member.find();
        }
        return member;
    }

    private static Draft replaced(Draft valid, int start, int end, String with) {
        return valid.body(valid.text().substring(0, start) + with + valid.text().substring(end));
    }

    static String one(Random random, String... of) {
        return of[random.nextInt(of.length)];
    }
}

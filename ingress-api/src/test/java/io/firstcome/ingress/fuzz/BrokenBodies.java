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

/** Ways to break a body that is a JSON object of ASCII characters whose every field is needed. */
final class BrokenBodies {

    private static final Pattern MEMBER = Pattern.compile("\"(\\w+)\":(\"[^\"]*\"|\\d+)");
    private static final List<String> NEVER = List.of("null", "true", "[]", "{}", "[1]", "\"\"", "\" \"", "1.5", "-1",
            "-0", "0", "1e999", "-1e999", "1e3", "NaN", "Infinity", "+1", "01", "0x10", "'a'", "undefined",
            "\"\\ud800\"",
            "\"\\u0000\"", "\"a\\nb\"", "\"" + "a".repeat(201) + "\"", "9".repeat(30), "9".repeat(2000),
            "1000000001", "\"\\x41\"", "\"a", "[".repeat(1500), "{\"a\":".repeat(700));

    private static final List<BiFunction<Draft, Random, BrokenRequest>> WAYS = List.of(BrokenBodies::cutShort,
            BrokenBodies::followed, BrokenBodies::member, BrokenBodies::missing, BrokenBodies::twice,
            BrokenBodies::unknown, BrokenBodies::notUtf8, BrokenBodies::otherEncoding, BrokenBodies::structure,
            BrokenBodies::tooLarge, BrokenBodies::type, BrokenBodies::chunks, BrokenBodies::framing);

    private BrokenBodies() {}

    static BrokenRequest next(Draft fine, Random random) {
        return WAYS.get(random.nextInt(WAYS.size())).apply(fine, random);
    }

    private static BrokenRequest cutShort(Draft fine, Random random) {
        return BrokenRequest.invalid("body cut short",
                fine.body(fine.text().substring(0, random.nextInt(fine.body().length))));
    }

    private static BrokenRequest followed(Draft fine, Random random) {
        return BrokenRequest.invalid("body followed",
                fine.body(fine.text() + one(random, "}", "{}", ",", "x", "0", "null", "\u0000", "//", "/**/")));
    }

    /** None of these is a name, a stock or a time: not even where strings are expected. */
    private static BrokenRequest member(Draft fine, Random random) {
        Matcher member = anyMember(fine, random);
        String bad = NEVER.get(random.nextInt(NEVER.size()));
        return BrokenRequest.invalid("value of " + member.group(1),
                replaced(fine, member.start(2), member.end(2), bad));
    }

    private static BrokenRequest missing(Draft fine, Random random) {
        Matcher member = anyMember(fine, random);
        return BrokenRequest.invalid("field misnamed",
                replaced(fine, member.start(1), member.end(1), member.group(1) + one(random, "s", "_", "2")));
    }

    private static BrokenRequest twice(Draft fine, Random random) {
        Matcher member = anyMember(fine, random);
        return BrokenRequest.invalid("field twice",
                replaced(fine, member.start(), member.end(), member.group() + "," + member.group()));
    }

    private static BrokenRequest unknown(Draft fine, Random random) {
        String more = "\"" + one(random, "x", "userid", "requestId", "__proto__", "") + "\":"
                + one(random, "1", "null", "[[[]]]", "\"a\"");
        return BrokenRequest.invalid("unknown field", fine.body(fine.text().replaceFirst("\\{", "{" + more + ",")));
    }

    /** One byte above ASCII amid ASCII is no character. */
    private static BrokenRequest notUtf8(Draft fine, Random random) {
        int at = random.nextInt(fine.body().length + 1);
        var bytes = new ByteArrayOutputStream();
        bytes.write(fine.body(), 0, at);
        bytes.write(0x80 + random.nextInt(0x80));
        bytes.write(fine.body(), at, fine.body().length - at);
        return BrokenRequest.invalid("not UTF-8", fine.body(bytes.toByteArray()));
    }

    private static BrokenRequest otherEncoding(Draft fine, Random random) {
        return BrokenRequest.invalid("other encoding", switch (random.nextInt(3)) {
            case 0 -> fine.body(fine.text().getBytes(UTF_16BE));
            case 1 -> fine.body(fine.text().getBytes(UTF_16LE));
            default -> fine.body("\ufeff" + fine.text());
        });
    }

    /** The braces, and the colon and the quotes around it, of any member. */
    private static BrokenRequest structure(Draft fine, Random random) {
        Matcher member = anyMember(fine, random);
        int colon = member.end(1) + 1;
        int at = List.of(0, fine.body().length - 1, colon, colon - 1, member.start()).get(random.nextInt(5));
        return BrokenRequest.invalid("structure",
                replaced(fine, at, at + 1, one(random, "x", " ", ";", "\\", "\u0001")));
    }

    private static BrokenRequest tooLarge(Draft fine, Random random) {
        String large = fine.text() + " ".repeat(4097 - fine.body().length + random.nextInt(2000));
        Draft draft = random.nextBoolean()
                ? fine.body(large)
                : fine.framed("Transfer-Encoding: chunked", Integer.toHexString(large.length()) + "\r\n" + large
                        + "\r\n0\r\n\r\n");
        return new BrokenRequest("too large", Set.of(413), draft);
    }

    private static BrokenRequest type(Draft fine, Random random) {
        String type = one(random, "text/plain", "application/x-www-form-urlencoded", "application/json; charset=utf-16",
                "application/json; charset=", "application/jsonx", "json", "", "multipart/form-data; boundary=x",
                "application/json\r\nContent-Type: application/json");
        return new BrokenRequest("type " + type, Set.of(415),
                fine.without("Content-Type").and("Content-Type: " + type));
    }

    private static BrokenRequest chunks(Draft fine, Random random) {
        String size = Integer.toHexString(fine.body().length);
        String chunks = one(random, "x" + size + "\r\n" + fine.text() + "\r\n0\r\n\r\n",
                size + "\r\n" + fine.text() + "x\r\n0\r\n\r\n", "-" + size + "\r\n" + fine.text() + "\r\n0\r\n\r\n",
                size + "\r\n" + fine.text() + "0\r\n\r\n", "\r\n\r\n",
                size + "\n" + fine.text() + "\n0\n\n");
        return BrokenRequest.invalid("chunks", fine.framed("Transfer-Encoding: chunked", chunks));
    }

    private static BrokenRequest framing(Draft fine, Random random) {
        int length = fine.body().length;
        String framing = one(random, "Content-Length: -" + length, "Content-Length: +" + length, "Content-Length: x",
                "Content-Length: 0x" + Integer.toHexString(length),
                "Content-Length: " + length + "\r\nContent-Length: 1",
                "Content-Length: " + length + ", 1", "Content-Length: " + "9".repeat(40),
                "Content-Length: " + length + "\r\nTransfer-Encoding: chunked",
                "Transfer-Encoding: gzip", "Transfer-Encoding: chunked, chunked", "Transfer-Encoding: chunked, gzip");
        return BrokenRequest.invalid("framing", fine.framed(framing, fine.text()));
    }

    private static Matcher anyMember(Draft fine, Random random) {
        Matcher member = MEMBER.matcher(fine.text());
        for (int skip = random.nextInt((int) MEMBER.matcher(fine.text()).results().count()); skip >= 0; skip--) {
            member.find();
        }
        return member;
    }

    private static Draft replaced(Draft fine, int start, int end, String with) {
        return fine.body(fine.text().substring(0, start) + with + fine.text().substring(end));
    }

    static String one(Random random, String... of) {
        return of[random.nextInt(of.length)];
    }
}

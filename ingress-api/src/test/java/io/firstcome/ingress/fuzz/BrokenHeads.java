package io.firstcome.ingress.fuzz;

import static io.firstcome.ingress.fuzz.BrokenBodies.one;
import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.function.BiFunction;

/** Makes the request line or a header of a request below {@code /v1/coupons} invalid. */
final class BrokenHeads {

    private static final List<BiFunction<Draft, Random, BrokenRequest>> BREAKERS = List.of(BrokenHeads::path,
            BrokenHeads::otherPath, BrokenHeads::method, BrokenHeads::version, BrokenHeads::header, BrokenHeads::host,
            BrokenHeads::key, BrokenHeads::expectation, BrokenHeads::tooLarge, BrokenHeads::noise);
    private static final List<BiFunction<Draft, Random, BrokenRequest>> EVENT_BREAKERS = List.of(BrokenHeads::user,
            BrokenHeads::lastEventId);

    private BrokenHeads() {}

    static BrokenRequest next(Draft valid, Random random) {
        if (valid.operators() && random.nextInt(8) == 0) {
            return wrongToken(valid, random);
        }
        boolean event = valid.target().endsWith("/events") && random.nextBoolean();
        List<BiFunction<Draft, Random, BrokenRequest>> breakers = event
                ? EVENT_BREAKERS
                : BREAKERS;
        return breakers.get(random.nextInt(breakers.size())).apply(valid, random);
    }

    /** Adds a header that does not change the answer to a broken request. */
    static BrokenRequest decorated(BrokenRequest broken, Random random) {
        String line = one(random, "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
                "Connection: Upgrade\r\nUpgrade: websocket", "Connection: Upgrade\r\nUpgrade: h2c",
                "Connection: keep-alive, Upgrade",
                "HTTP2-Settings: AAMAAABkAAQAAP__",
                "Cookie: JSESSIONID=node01", "Cookie: =;;=\"", "Range: bytes=0-1", "Range: bytes=9-1,x",
                "X-Forwarded-For: 203.0.113.9", "X-Forwarded-For: ,,\";:[::1", "Forwarded: for=\"[", "Via: 1.1 x",
                "Prefer: wait=0", "Prefer: wait=99999999999", "Prefer: wait=-1, ;;=", "X-HTTP-Method-Override: GET",
                "If-None-Match: *", "Accept: application/xml;q=x", "Accept-Encoding: gzip", "Origin: null");
        return new BrokenRequest(broken.how() + " beside " + line, broken.statuses(), broken.draft().and(line));
    }

    private static BrokenRequest user(Draft valid, Random random) {
        String user = one(random, "", "a,b", "a%20b", "x".repeat(129), "%00", "%c3%a4", "a%2Fb", "..");
        return BrokenRequest.invalid("user " + user, valid.target(valid.target() + "?userId=" + user));
    }

    private static BrokenRequest lastEventId(Draft valid, Random random) {
        String id = one(random, "", "-2", "1.5", "1e3", "0x1", "9".repeat(19), "1 2", "x", "\u00b2", "+1");
        return BrokenRequest.invalid("last event " + id, valid.and("Last-Event-ID: " + id));
    }

    private static BrokenRequest expectation(Draft valid, Random random) {
        String expectation = one(random, "the unexpected", "100-continued", "200-ok", "x=y");
        return new BrokenRequest("expects " + expectation, Set.of(417), valid.and("Expect: " + expectation));
    }

    /** Inserts characters after {@code /v1/coupons/}, which make the coupon id or the path invalid. */
    private static BrokenRequest path(Draft valid, Random random) {
        String inserted = one(random, "%2F", "%2f", "%2e%2e", "/%2e/", "//", ";", ";a=b", "%00", "%ff", "%c0%af", "%zz",
                "%g", "%1g", "\\", "%5c", "%0d%0a", "\u0001", "#", "|", "%u0041", "{", "\"", "<", "^", "`", "\u00e4");
        int from = "/v1/coupons/".length();
        int at = from + random.nextInt(valid.target().indexOf('/', from) < 0 ? valid.target().length() - from : 3);
        return new BrokenRequest("path with " + inserted, Set.of(400, 404), valid
                .target(valid.target().substring(0, at) + inserted + valid.target().substring(at)));
    }

    private static BrokenRequest otherPath(Draft valid, Random random) {
        String path = valid.target();
        String other = one(random, path.replace("/v1/", "/v2/"), path.replace("/v1/", "/V1/"),
                path.replace("coupons", "Coupons"), path.replace("coupons", "%63oupons"), path + "/more/and/more",
                path + "%", path + "%1",
                "/v1/coupons/" + "x".repeat(65) + path.substring("/v1/coupons/".length()),
                path.replace("/v1/", "/v1/../v1/"), path.replace("/v1/", "/./v1/"), path.substring(1), "*", "/" + path,
                "http://elsewhere" + path, path + "?a b", path + "?a\u0001", path + "?a#b");
        return new BrokenRequest("path", Set.of(400, 404, 405), valid.target(other));
    }

    private static BrokenRequest method(Draft valid, Random random) {
        String method = one(random, "DELETE", "PATCH", "TRACE", "CONNECT", "BREW", "get", "Post", "BEFORE", "AFTER",
                "BEFORE_MATCHED", "WEBSOCKET", "P\u0001ST", "P(ST", "", "QUERY", "X".repeat(200));
        // Users may not revoke unless a setting allows it.
        Set<Integer> refusals = method.equals("DELETE") ? Set.of(400, 403, 404, 405) : Set.of(400, 404, 405);
        return new BrokenRequest("method " + method, refusals, valid.method(method));
    }

    private static BrokenRequest version(Draft valid, Random random) {
        String version = one(random, "HTTP/2.0", "HTTP/3", "HTTP/1.9", "HTTP/0.9", "HTTP", "HTTP/1.1.1", "SPDY/1",
                "HTTP/-1.1", "HTTP/1.1 x", "HTTP/ 1.1");
        return new BrokenRequest("version " + version, Set.of(400, 426, 505), valid.version(version));
    }

    private static BrokenRequest header(Draft valid, Random random) {
        String line = one(random, "no colon", ": no name", "Bad Name: x", "Spaced : x", " folded", "\tfolded",
                "N\u0000l: x", "X: a\u0000b", "X: a\rb", "X: a\nb", "X\u0001: y", "(x): y", "X: \u007f\u0000",
                "=: x",
                "Host: x, y");
        List<String> lines = new ArrayList<>(valid.headers());
        lines.add(1 + random.nextInt(lines.size()), line);
        return BrokenRequest.invalid("header", valid.headers(lines));
    }

    private static BrokenRequest host(Draft valid, Random random) {
        Draft none = valid.without("Host");
        return BrokenRequest.invalid("host", switch (random.nextInt(4)) {
            case 0 -> none;
            case 1 -> valid.and("Host: other");
            case 2 -> none.and("Host: a b");
            default -> none.and("Host: x:port");
        });
    }

    private static BrokenRequest key(Draft valid, Random random) {
        String key = one(random, "", "a b", "a.b", "x".repeat(65), "\u00e4", "%41", "a,b", "a\r\nIdempotency-Key: a",
                "a/b", "\"a\"", "..", "a;b", "<a>", "a\tb");
        return BrokenRequest.invalid("key " + key, valid.without("Idempotency-Key").and("Idempotency-Key: " + key));
    }

    private static BrokenRequest tooLarge(Draft valid, Random random) {
        String much = "x".repeat(8200 + random.nextInt(4000));
        return random.nextBoolean()
                ? new BrokenRequest("long address", Set.of(414), valid.target(valid.target() + "?" + much))
                : new BrokenRequest("large header", Set.of(431), valid.and("X: " + much));
    }

    private static BrokenRequest wrongToken(Draft valid, Random random) {
        String right = valid.headers().stream().filter(line -> line.startsWith("Authorization:")).findFirst()
                .orElseThrow();
        String wrong = one(random, "X: y", right + "x", right.substring(0, right.length() - 1),
                right.replace("Bearer", "Basic"), right.replace("Bearer ", ""),
                right.replace("Bearer", "Bearer Bearer"), "Authorization: ",
                right.replace("Bearer ", "Bearer="), right.toUpperCase(Locale.ROOT), "Cookie:" + right.substring(14));
        return new BrokenRequest("wrongToken", Set.of(401), valid.without("Authorization").and(wrong));
    }

    /** Random bytes; the first one is outside ASCII, so that it begins no method. */
    private static BrokenRequest noise(Draft valid, Random random) {
        byte[] noise = new byte[1 + random.nextInt(40)];
        random.nextBytes(noise);
        noise[0] = (byte) (0x80 | noise[0]);
        return new BrokenRequest("noise", Set.of(400, 404, 405, 505),
                valid.method(new String(noise, ISO_8859_1)));
    }
}

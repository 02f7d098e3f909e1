package io.firstcome.bench.attack;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.net.URI;

import io.firstcome.bench.attack.AttackJob.User;

/** The bytes of the bad caller's requests. */
final class AttackRequests {

    private static final int HUGE = 64 * 1024;
    private static final String WAIT = "Prefer: wait=30\r\n";

    private final AttackJob job;
    private final String host;

    AttackRequests(AttackJob job) {
        this.job = job;
        URI url = URI.create(job.url());
        this.host = "Host: " + url.getHost() + ":" + url.getPort() + "\r\n";
    }

    /** The request of a connection. */
    byte[] of(int connection) {
        User user = job.users().get(connection % job.users().size());
        return switch (job.attack()) {
            case IDLE -> new byte[0];
            case TRICKLED_BODIES, TRICKLED_HEADS, SLOW_READING, BAD_TOKENS, MANY_USERS, FLOOD ->
                claim(job.saleCoupon(), user, "");
            case ONE_USER -> claim(job.saleCoupon(), job.users().getFirst(), "");
            case FULL_COUPON -> claim(job.fullCoupon(), user, WAIT);
            case UNREAD_ANSWERS -> get("/openapi.yaml", user, "");
            case EVENT_STREAMS, UNREAD_EVENTS -> get("/v1/coupons/" + job.saleCoupon() + "/events", user, "");
            case RESULT_WAITS ->
                get("/v1/coupons/" + job.saleCoupon() + "/requests/unknown-" + connection, user, WAIT);
            case HUGE_HEADERS -> get("/v1/coupons", user, "X-Huge: " + "x".repeat(HUGE) + "\r\n");
        };
    }

    /** How many bytes of a claim come before its body. */
    static int bodyOf(byte[] request) {
        return new String(request, US_ASCII).indexOf("\r\n\r\n") + 4;
    }

    private byte[] claim(String couponId, User user, String headers) {
        String body = "{\"userId\":\"" + user.userId() + "\"}";
        return ("POST /v1/coupons/" + couponId + "/issues HTTP/1.1\r\n" + host + authorization(user) + headers
                + "Content-Type: application/json\r\nContent-Length: " + body.length() + "\r\n\r\n" + body)
                .getBytes(US_ASCII);
    }

    private byte[] get(String path, User user, String headers) {
        return ("GET " + path + " HTTP/1.1\r\n" + host + authorization(user) + headers + "\r\n").getBytes(US_ASCII);
    }

    private static String authorization(User user) {
        return "Authorization: Bearer " + user.token() + "\r\n";
    }
}

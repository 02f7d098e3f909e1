package io.firstcome.bench.load;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.net.URI;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.SplittableRandom;

/**
 * The bytes of the requests of a pattern. One template per coupon is rendered in advance; only the digits of the claim
 * and the user are filled in when a request is sent.
 */
final class ClaimRequests {

    private static final int DIGITS = 10;
    private static final String PLACEHOLDER = "0".repeat(DIGITS);
    private static final long SEED = 20_261_128L;

    private final ClaimPattern pattern;
    private final byte[][] tokens;
    private final Template[] templates;
    private final double[] cumulativePopularity;

    /** @param tokens the token of each user, all of the same length; empty for claims without a token */
    ClaimRequests(URI url, ClaimPattern pattern, List<String> tokens) {
        this.pattern = pattern;
        this.tokens = tokens.stream().map(token -> token.getBytes(US_ASCII)).toArray(byte[][]::new);
        if (tokens.stream().mapToInt(String::length).distinct().count() > 1) {
            throw new IllegalArgumentException("the tokens differ in length");
        }
        this.templates = new Template[pattern.coupons()];
        this.cumulativePopularity = new double[pattern.coupons()];
        double sum = 0;
        for (int i = 0; i < templates.length; i++) {
            templates[i] = Template.of(url, pattern, pattern.couponId(i), tokens.isEmpty() ? "" : tokens.getFirst());
            sum += 1 / Math.pow(i + 1, pattern.zipfExponent());
            cumulativePopularity[i] = sum;
        }
    }

    /** The size of the largest request in bytes. */
    int maxSize() {
        int max = 0;
        for (Template template : templates) {
            max = Math.max(max, template.bytes().length);
        }
        return max;
    }

    /**
     * Writes claim {@code n}; the same {@code n} always gives the same bytes. With tokens there are as many users as
     * tokens: after the last one, the first one claims again.
     */
    void render(long n, ByteBuffer target) {
        Template template = templates.length == 1 ? templates[0] : templates[couponOf(n)];
        if (template.keyDigits() >= 0) {
            digits(template.bytes(), template.keyDigits(), n);
        }
        long user = n / pattern.claimsPerUser();
        if (tokens.length > 0) {
            user %= tokens.length;
            byte[] token = tokens[(int) user];
            System.arraycopy(token, 0, template.bytes(), template.token(), token.length);
        }
        digits(template.bytes(), template.userDigits(), user);
        target.clear().put(template.bytes()).flip();
    }

    /** Chooses the coupon from the number alone, so that a repeated claim is for the same coupon. */
    private int couponOf(long n) {
        double point = new SplittableRandom(SEED + n).nextDouble() * cumulativePopularity[templates.length - 1];
        int low = 0;
        int high = templates.length - 1;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (cumulativePopularity[middle] < point) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private static void digits(byte[] bytes, int offset, long number) {
        long left = number;
        for (int i = offset + DIGITS - 1; i >= offset; i--) {
            bytes[i] = (byte) ('0' + left % 10);
            left /= 10;
        }
    }

    /**
     * A rendered request.
     *
     * @param keyDigits where the digits of the idempotency key begin; negative without a key
     * @param token where the token begins; negative without tokens
     * @param userDigits where the digits of the user id begin
     */
    private record Template(byte[] bytes, int keyDigits, int token, int userDigits) {

        static Template of(URI url, ClaimPattern pattern, String couponId, String anyToken) {
            String user = pattern.userPrefix() + "-";
            String body = "{\"userId\":\"" + user + PLACEHOLDER + "\"}";
            StringBuilder head = new StringBuilder()
                    .append("POST /v1/coupons/").append(couponId).append("/issues HTTP/1.1\r\n")
                    .append("Host: ").append(url.getHost()).append(':').append(url.getPort()).append("\r\n")
                    .append("Content-Type: application/json\r\n")
                    .append("Content-Length: ").append(body.length()).append("\r\n");
            if (pattern.waitSeconds() > 0) {
                head.append("Prefer: wait=").append(pattern.waitSeconds()).append("\r\n");
            }
            int key = -1;
            if (pattern.keyed()) {
                head.append("Idempotency-Key: ").append(couponId).append('_').append(user);
                key = head.length();
                head.append(PLACEHOLDER).append("\r\n");
            }
            int token = -1;
            if (!anyToken.isEmpty()) {
                head.append("Authorization: Bearer ");
                token = head.length();
                head.append(anyToken).append("\r\n");
            }
            head.append("\r\n");
            int userDigits = head.length() + body.indexOf(PLACEHOLDER + "\"}");
            return new Template((head + body).getBytes(US_ASCII), key, token, userDigits);
        }
    }
}

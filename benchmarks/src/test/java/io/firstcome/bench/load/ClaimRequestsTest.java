package io.firstcome.bench.load;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.LongStream;

import org.junit.jupiter.api.Test;

class ClaimRequestsTest {

    private static final URI URL = URI.create("http://127.0.0.1:8080");

    @Test
    void shouldRenderAWholeRequest() {
        // given
        var requests = new ClaimRequests(URL, ClaimPattern.of("c0", "u0").withKeys().waiting(), List.of());

        // when
        String request = render(requests, 42);

        // then
        assertThat(request).isEqualTo("""
                POST /v1/coupons/c0/issues HTTP/1.1\r
                Host: 127.0.0.1:8080\r
                Content-Type: application/json\r
                Content-Length: 26\r
                Prefer: wait=10\r
                Idempotency-Key: c0_u0-0000000042\r
                \r
                {"userId":"u0-0000000042"}""");
    }

    @Test
    void shouldSendTheTokenOfTheUser() {
        // given
        var requests = new ClaimRequests(URL, ClaimPattern.of("c", "u"), List.of("first", "other"));

        // when
        String second = render(requests, 1);
        String third = render(requests, 2);

        // then, there are as many users as tokens
        assertThat(second).contains("Authorization: Bearer other\r\n").endsWith("u-0000000001\"}");
        assertThat(third).contains("Authorization: Bearer first\r\n").endsWith("u-0000000000\"}");
    }

    @Test
    void shouldLetAUserClaimRepeatedly() {
        // given
        var requests = new ClaimRequests(URL, ClaimPattern.of("c", "u").perUser(2), List.of());

        // when
        long users = LongStream.range(0, 10).mapToObj(n -> render(requests, n)).distinct().count();

        // then
        assertThat(users).isEqualTo(5);
    }

    @Test
    void shouldPreferPopularCoupons() {
        // given
        var requests = new ClaimRequests(URL, ClaimPattern.of("c", "u").zipf(100), List.of());

        // when
        long first = LongStream.range(0, 10_000).mapToObj(n -> render(requests, n))
                .filter(request -> request.contains("/c-0/")).count();

        // then, the first of 100 coupons gets 1 / H(100) = 19.3 % of the claims
        assertThat(first).isBetween(1_800L, 2_060L);
    }

    private static String render(ClaimRequests requests, long number) {
        ByteBuffer buffer = ByteBuffer.allocate(requests.maxSize());
        requests.render(number, buffer);
        return US_ASCII.decode(buffer).toString();
    }
}

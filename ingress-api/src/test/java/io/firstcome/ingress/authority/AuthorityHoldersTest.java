package io.firstcome.ingress.authority;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;

import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import io.firstcome.contract.id.CouponId;
import io.firstcome.contract.id.RequestId;
import io.firstcome.contract.id.UserId;
import io.firstcome.gate.projection.HolderSource.Holder;
import io.firstcome.gate.projection.HolderSource.HolderPage;

class AuthorityHoldersTest {

    private static final CouponId COUPON = new CouponId("c1");
    private static final Duration TIMEOUT = Duration.ofSeconds(20);
    private static final String PAGE = """
            {"couponId":"c1","holders":[{"userId":"u1","sequence":7,"requestId":"r1","issuedAt":"2026-01-01T00:00:00Z"}]
            """;

    private final HttpServer processor = startServer();
    private final AuthorityHolders holders = new AuthorityHolders(
            List.of(URI.create("http://127.0.0.1:" + processor.getAddress().getPort())), Duration.ofSeconds(10));
    private final CountDownLatch released = new CountDownLatch(1);
    private volatile String target;
    private volatile int status = 200;
    private volatile String type = "application/json";
    private volatile String body = PAGE + "}";
    private volatile boolean neverEnds;

    private static HttpServer startServer() {
        try {
            return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    {
        processor.createContext("/", this::answer);
        processor.start();
    }

    @AfterEach
    void close() {
        released.countDown();
        holders.close();
        processor.stop(0);
    }

    @Test
    void shouldReadTheLastPage() {
        // when
        CompletableFuture<HolderPage> page = holders.page(COUPON, Optional.empty());

        // then
        assertThat(page).succeedsWithin(TIMEOUT).isEqualTo(new HolderPage(
                List.of(new Holder(new UserId("u1"), 7, new RequestId("r1"), Instant.parse("2026-01-01T00:00:00Z"))),
                Optional.empty()));
        assertThat(target).isEqualTo("/v1/coupons/c1/holders?limit=2000");
    }

    @Test
    void shouldReadRevokedIssues() {
        // given
        body = """
                {"couponId":"c1","holders":[
                {"userId":"u1","sequence":7,"requestId":"r1","issuedAt":"2026-01-01T00:00:00Z","nth":1,
                "revokedAt":"2026-01-01T00:00:01Z"},
                {"userId":"u1","sequence":9,"requestId":"r2","issuedAt":"2026-01-01T00:00:02Z","nth":2}]}""";

        // when
        CompletableFuture<HolderPage> page = holders.page(COUPON, Optional.empty());

        // then
        assertThat(page).succeedsWithin(TIMEOUT).extracting(HolderPage::holders)
                .asInstanceOf(InstanceOfAssertFactories.list(Holder.class)).extracting(Holder::isRevoked)
                .containsExactly(true, false);
    }

    @Test
    void shouldRequestThePageAfterAUser() {
        // given
        body = PAGE + ",\"next\":\"u1\"}";

        // when
        CompletableFuture<HolderPage> page = holders.page(COUPON, Optional.of(new UserId("f:1|a+b=c~d@x.kr")));

        // then
        assertThat(page).succeedsWithin(TIMEOUT).extracting(HolderPage::next).isEqualTo(Optional.of(new UserId("u1")));
        assertThat(target).isEqualTo("/v1/coupons/c1/holders?limit=2000&after=f%3A1%7Ca%2Bb%3Dc~d%40x.kr");
    }

    @Test
    void shouldReadAnEmptyPage() {
        // given
        body = "{\"couponId\":\"c1\",\"holders\":[]}";

        // when
        CompletableFuture<HolderPage> page = holders.page(COUPON, Optional.empty());

        // then
        assertThat(page).succeedsWithin(TIMEOUT).isEqualTo(new HolderPage(List.of(), Optional.empty()));
    }

    @ParameterizedTest
    @ValueSource(ints = {404, 500, 503})
    void shouldFailWhenTheAuthorityDoesNotAnswer(int answered) {
        // given
        status = answered;
        type = "application/problem+json";

        // when
        CompletableFuture<HolderPage> page = holders.page(COUPON, Optional.empty());

        // then
        assertThat(page).failsWithin(TIMEOUT).withThrowableThat().withMessageContaining(answered + " for coupon c1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{}", "[]", "null", "{\"couponId\":\"c2\",\"holders\":[]}", "{\"couponId\":\"c1\"}",
        "{\"couponId\":\"c1\",\"holders\":[null]}", "{\"couponId\":\"c1\",\"holders\":[],\"next\":\"u1\"}",
        "{\"couponId\":\"c1\",\"holders\":[],\"more\":1}", "{\"couponId\":\"c1\",\"holders\":[{\"userId\":\"u1\"}]}"})
    void shouldFailOnABodyThatIsNoPage(String answered) {
        // given
        body = answered;

        // when
        CompletableFuture<HolderPage> page = holders.page(COUPON, Optional.empty());

        // then
        assertThat(page).failsWithin(TIMEOUT);
    }

    @Test
    void shouldFailWhenTheBodyDoesNotEnd() {
        // given
        neverEnds = true;
        try (var shortTimeout = new AuthorityHolders(
                List.of(URI.create("http://127.0.0.1:" + processor.getAddress().getPort())), Duration.ofMillis(300))) {

            // when
            CompletableFuture<HolderPage> page = shortTimeout.page(COUPON, Optional.empty());

            // then
            assertThat(page).failsWithin(TIMEOUT);
        }
    }

    @Test
    void shouldReadFromTheInstanceThatAnswers() {
        // given
        HttpServer away = startServer();
        URI closed = URI.create("http://127.0.0.1:" + away.getAddress().getPort());
        away.stop(0);
        try (var two = new AuthorityHolders(
                List.of(closed, URI.create("http://127.0.0.1:" + processor.getAddress().getPort())))) {

            // when
            CompletableFuture<HolderPage> page = two.page(COUPON, Optional.empty());

            // then
            assertThat(page).succeedsWithin(TIMEOUT).extracting(HolderPage::holders)
                    .asInstanceOf(InstanceOfAssertFactories.LIST).hasSize(1);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 301, 404, 502})
    void shouldReadFromTheNextInstanceWhenAProxyAnswers(int answered) {
        // given
        HttpServer proxy = startServer();
        proxy.createContext("/", exchange -> {
            exchange.getResponseHeaders().set("Content-Type", "text/html");
            exchange.sendResponseHeaders(answered, -1);
            exchange.close();
        });
        proxy.start();
        try (var two = new AuthorityHolders(
                List.of(URI.create("http://127.0.0.1:" + proxy.getAddress().getPort()),
                        URI.create("http://127.0.0.1:" + processor.getAddress().getPort())))) {

            // when
            CompletableFuture<HolderPage> page = two.page(COUPON, Optional.empty());

            // then
            assertThat(page).succeedsWithin(TIMEOUT).extracting(HolderPage::holders)
                    .asInstanceOf(InstanceOfAssertFactories.LIST).hasSize(1);
        } finally {
            proxy.stop(0);
        }
    }

    @Test
    void shouldFailWhenTheProcessorIsAway() {
        // given
        processor.stop(0);

        // when
        CompletableFuture<HolderPage> page = holders.page(COUPON, Optional.empty());

        // then
        assertThat(page).failsWithin(TIMEOUT);
    }

    private void answer(HttpExchange exchange) throws IOException {
        target = exchange.getRequestURI().toString();
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(status, neverEnds ? bytes.length + 1L : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.getResponseBody().flush();
        if (neverEnds) {
            try {
                released.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        exchange.close();
    }
}

package io.firstcome.kit.early;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.server.Request;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import io.firstcome.kit.health.Health;
import io.firstcome.kit.http.Requests;
import io.firstcome.kit.metrics.Metrics;
import io.firstcome.kit.server.HttpServer;
import io.firstcome.kit.server.HttpServerSettings;
import io.firstcome.kit.tracing.Tracing;
import io.firstcome.testkit.http.RawAnswer;
import io.firstcome.testkit.http.RawConnection;

class EarlyHandlerTest {

    private static final String HEAD = "POST /v1/echo HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\n";

    private final AtomicInteger heads = new AtomicInteger();
    private final Set<Thread> answeringThreads = ConcurrentHashMap.newKeySet();
    private final Metrics metrics = new Metrics("test");
    private final HttpServer server = HttpServer.start("127.0.0.1", 0, HttpServerSettings.from(Map.of()), new Health(),
            metrics, Tracing.OFF, routes -> routes.post("/v1/echo", context -> Requests.answer(context, 200,
                    Map.of("route", Requests.body(context, Map.class)))),
            Optional.of(new EarlyAnswers() {

                @Override
                public boolean mayAnswer(Request request) {
                    heads.incrementAndGet();
                    return true;
                }

                @Override
                public EarlyAnswer answer(Request request, ByteBuffer body) {
                    answeringThreads.add(Thread.currentThread());
                    String text = UTF_8.decode(body).toString();
                    if (text.contains("failing")) {
                        throw new IllegalStateException("thrown by the test");
                    }
                    return text.contains("early")
                            ? new EarlyAnswer(409, "/v1/echo", List.of(new HttpField("Request-Id", "r1")),
                                    "early".getBytes(UTF_8))
                            : null;
                }
            }));

    @AfterEach
    void stop() {
        server.close();
        metrics.close();
    }

    @Test
    void shouldAnswerEarly() throws IOException {
        // when
        RawAnswer answer = exchange(head(11), "{\"early\":1}");

        // then
        assertThat(answer.text()).isEqualTo("early");
        assertThat(answer.status()).isEqualTo(409);
        assertThat(answer.header("Request-Id")).contains("r1");
        assertThat(answer.keepsConnection()).isTrue();
        assertThat(metrics.registry().get("http.server.requests").tag("route", "/v1/echo").tag("status", "409").timer()
                .count()).isEqualTo(1);
    }

    @Test
    void shouldPassTheContentToTheRoute() throws IOException {
        // when
        RawAnswer answer = exchange(head(7), "{\"a\":1}");

        // then
        assertThat(answer.text()).isEqualTo("{\"route\":{\"a\":1}}");
    }

    @Test
    void shouldAwaitTheContent() throws IOException {
        try (RawConnection connection = RawConnection.to(server.url())) {
            // given
            connection.send(head(11));
            await().until(() -> heads.get() == 1);

            // when
            connection.send("{\"early\":1}");

            // then
            assertThat(connection.receive().text()).isEqualTo("early");
            connection.send(head(7) + "{\"a\":1}");
            assertThat(connection.receive().text()).as("the next request").isEqualTo("{\"route\":{\"a\":1}}");
        }
    }

    @Test
    void shouldLeaveContentInPartsToTheRoute() throws IOException {
        try (RawConnection connection = RawConnection.to(server.url())) {
            // given
            connection.send(head(11));
            await().until(() -> heads.get() == 1);

            // when
            connection.send("{\"ea");
            connection.send("rly\":1");
            connection.send("}");

            // then
            assertThat(connection.receive().text()).isIn("early", "{\"route\":{\"early\":1}}");
        }
    }

    @Test
    void shouldLeaveChunkedContentToTheRoute() throws IOException {
        // when
        RawAnswer answer = exchange(HEAD + "Transfer-Encoding: chunked\r\n\r\n", "b\r\n{\"early\":1}\r\n0\r\n\r\n");

        // then
        assertThat(answer.text()).isEqualTo("{\"route\":{\"early\":1}}");
        assertThat(heads).hasValue(0);
    }

    @Test
    void shouldAnswer500WhenTheEarlyAnswerFails() throws IOException {
        // when
        RawAnswer answer = exchange(head(13), "{\"failing\":1}");

        // then
        assertThat(answer.status()).isEqualTo(500);
        assertThat(answer.header("Content-Type")).contains("application/problem+json");
    }

    @Test
    void shouldLeaveTheThreadOfAllConnectionsAfterManyRequestsOfOne() throws IOException {
        try (RawConnection connection = RawConnection.to(server.url())) {
            // when: the answer by another thread can be complete before the first one looks, so once is not enough
            for (int round = 0; round < 50 && answeringThreads.size() < 2; round++) {
                connection.send((head(11) + "{\"early\":1}").repeat(100));
                for (int i = 0; i < 100; i++) {
                    assertThat(connection.receive().text()).isEqualTo("early");
                }
            }

            // then
            assertThat(answeringThreads).hasSizeGreaterThan(1);
        }
    }

    private static String head(int length) {
        return HEAD + "Content-Length: " + length + "\r\n\r\n";
    }

    private RawAnswer exchange(String head, String content) throws IOException {
        try (RawConnection connection = RawConnection.to(server.url())) {
            connection.send(head + content);
            return connection.receive();
        }
    }
}

package io.firstcome.kit.server.pipelining;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import io.firstcome.kit.health.Health;
import io.firstcome.kit.metrics.Metrics;
import io.firstcome.kit.server.HttpServer;
import io.firstcome.kit.server.HttpServerSettings;
import io.firstcome.kit.server.HttpThreads;
import io.firstcome.kit.server.deferred.DeferredAnswer;
import io.firstcome.testkit.http.RawConnection;
import io.javalin.config.RoutesConfig;

class PipelinedRequestsTest {

    private static final Duration FOR_EVER = Duration.ofHours(1);

    private final Queue<Thread> threads = new ConcurrentLinkedQueue<>();
    private final CompletableFuture<String> result = new CompletableFuture<>();
    private final Metrics metrics = new Metrics("test");
    private final HttpServer server = HttpServer.start("127.0.0.1", 0, HttpServerSettings.from(Map.of()), new Health(),
            metrics, this::routes);

    private void routes(RoutesConfig routes) {
        routes.get("/now", context -> {
            threads.add(Thread.currentThread());
            context.result("now");
        });
        routes.get("/later", context -> {
            threads.add(Thread.currentThread());
            DeferredAnswer.when(context, result, () -> {}, context::result);
        });
    }

    @AfterEach
    void stop() {
        server.close();
        metrics.close();
    }

    @Test
    void shouldHandleEachRequestOfARowOnAThreadOfItsOwn() throws IOException {
        try (var client = RawConnection.to(server.url())) {
            // when
            client.send(get("/now").repeat(20));

            // then
            for (int i = 0; i < 20; i++) {
                assertThat(client.receive().text()).isEqualTo("now");
            }
            assertThat(threads).hasSize(20).doesNotHaveDuplicates().allMatch(Thread::isVirtual);
        }
    }

    @Test
    void shouldNotBlockTheThreadsOfTheServerAfterADeferredAnswer() throws IOException {
        try (var client = RawConnection.to(server.url())) {
            // given
            client.send(get("/later") + get("/now"));
            await().until(() -> threads.size() == 1);

            // when
            Thread.ofVirtual().start(() -> result.complete("later"));

            // then
            assertThat(client.receive().text()).isEqualTo("later");
            assertThat(client.receive().text()).isEqualTo("now");
            assertThat(threads).allMatch(Thread::isVirtual);
        }
    }

    @Test
    void shouldPauseAfterARefusalThatTheCallerDoesNotAwait() throws Exception {
        for (int status : List.of(429, 503)) {
            var refusing = new RefusingServer(status, FOR_EVER);
            try (refusing;
                    var client = RawConnection.to(refusing.url());
                    var other = RawConnection.to(refusing.url())) {
                // when
                client.send(post().repeat(3));

                // then
                assertThat(client.receive().status()).isEqualTo(status);
                other.send(post());
                assertThat(other.receive().status()).isEqualTo(status);
                assertThat(refusing.handled).as("one request of each connection").hasSize(2);
            }
        }
    }

    @Test
    void shouldContinueAfterThePause() throws Exception {
        var refusing = new RefusingServer(429, Duration.ofMillis(1));
        try (refusing; var client = RawConnection.to(refusing.url())) {
            // when
            client.send(post().repeat(20));

            // then
            for (int i = 0; i < 20; i++) {
                assertThat(client.receive().status()).isEqualTo(429);
            }
            assertThat(refusing.handled).hasSize(20).doesNotHaveDuplicates().allMatch(Thread::isVirtual);
        }
    }

    @Test
    void shouldNotPauseForACallerWhoAwaitsTheRefusal() throws Exception {
        var refusing = new RefusingServer(429, FOR_EVER);
        try (refusing; var client = RawConnection.to(refusing.url())) {
            for (int i = 0; i < 20; i++) {
                // when
                client.send(post());

                // then
                assertThat(client.receive().status()).isEqualTo(429);
            }
        }
    }

    @Test
    void shouldPauseAfterNoOtherAnswer() throws Exception {
        var refusing = new RefusingServer(409, FOR_EVER);
        try (refusing; var client = RawConnection.to(refusing.url())) {
            // when
            client.send(post().repeat(20));

            // then
            for (int i = 0; i < 20; i++) {
                assertThat(client.receive().status()).isEqualTo(409);
            }
        }
    }

    @Test
    void shouldServeOthersWhileManyRequestsOfRowsAreAtWork() throws Exception {
        try (var working = new WorkingServer(2, FOR_EVER); var clients = new Clients(working.url(), 10)) {
            // given
            clients.send(get("/now") + get("/work"));
            await().until(() -> working.atWork.get() >= 2);

            // when
            try (var other = RawConnection.to(working.url())) {
                for (int i = 0; i < 20; i++) {
                    other.send(get("/now"));
                    assertThat(other.receive().status()).isEqualTo(200);
                }
                other.send(get("/work"));
                await().until(() -> working.atWork.get() >= 3);
            }

            // then
            assertThat(working.atWork).as("two of the rows, and the one who awaits each answer").hasValue(3);
            working.end.complete(null);
            clients.receiveTwice();
        }
    }

    @Test
    void shouldGiveThePlaceToTheNextRowWhenAnAnswerBegins() throws Exception {
        try (var working = new WorkingServer(1, FOR_EVER); var clients = new Clients(working.url(), 3)) {
            // when
            clients.send(get("/now") + get("/stream"));

            // then
            await().until(() -> working.atWork.get() == 3);
            working.end.complete(null);
            clients.receiveTwice();
        }
    }

    @Test
    void shouldHandleARequestThatHasWaitedLongForAPlace() throws Exception {
        try (var working = new WorkingServer(1, Duration.ofMillis(1)); var clients = new Clients(working.url(), 3)) {
            // when
            clients.send(get("/now") + get("/work"));

            // then
            await().until(() -> working.atWork.get() == 3);
            working.end.complete(null);
            clients.receiveTwice();
        }
    }

    private static String get(String path) {
        return "GET " + path + " HTTP/1.1\r\nHost: here\r\n\r\n";
    }

    private static String post() {
        return "POST / HTTP/1.1\r\nHost: here\r\nContent-Length: 4\r\n\r\nbody";
    }

    /** Some connections that send the same at the same time. */
    private static final class Clients implements AutoCloseable {

        private final List<RawConnection> connections = new ArrayList<>();

        Clients(String url, int count) throws IOException {
            for (int i = 0; i < count; i++) {
                connections.add(RawConnection.to(url));
            }
        }

        void send(String requests) throws IOException {
            for (RawConnection each : connections) {
                each.send(requests);
            }
        }

        void receiveTwice() throws IOException {
            for (RawConnection each : connections) {
                assertThat(each.receive().status()).isEqualTo(200);
                assertThat(each.receive().status()).isEqualTo(200);
            }
        }

        @Override
        public void close() throws IOException {
            for (RawConnection each : connections) {
                each.close();
            }
        }
    }

    /** Gives every request the same answer and does not read its content. */
    private static final class RefusingServer extends JettyServer {

        private final Queue<Thread> handled = new ConcurrentLinkedQueue<>();

        RefusingServer(int status, Duration pause) throws Exception {
            start(new PipelinedRequests(8, FOR_EVER, pause), (_, response, callback) -> {
                handled.add(Thread.currentThread());
                response.setStatus(status);
                response.getHeaders().put("Retry-After", "1");
                response.write(true, ByteBuffer.wrap("refused".getBytes(US_ASCII)), callback);
                return true;
            });
        }
    }

    /** Answers at once, or works until it is told to end: before its answer, or after the begin of its answer. */
    private static final class WorkingServer extends JettyServer {

        private final AtomicInteger atWork = new AtomicInteger();
        private final CompletableFuture<Void> end = new CompletableFuture<>();

        WorkingServer(int places, Duration longestWait) throws Exception {
            start(new PipelinedRequests(places, longestWait, FOR_EVER), (request, response, callback) -> {
                String path = request.getHttpURI().getPath();
                if (path.equals("/stream")) {
                    response.write(false, ByteBuffer.wrap("begin".getBytes(US_ASCII)), Callback.NOOP);
                }
                if (!path.equals("/now")) {
                    atWork.incrementAndGet();
                    end.join();
                }
                response.write(true, ByteBuffer.wrap("end".getBytes(US_ASCII)), callback);
                return true;
            });
        }
    }

    private static class JettyServer implements AutoCloseable {

        private final Server jetty = new Server(HttpThreads.pool());
        private final ServerConnector connector = new ServerConnector(jetty, null, null, null, 1, 1,
                new TurnConnections(new HttpConfiguration()));

        void start(PipelinedRequests requests, Request.Handler handler) throws Exception {
            requests.setHandler(new Handler.Abstract() {

                @Override
                public boolean handle(Request request, Response response, Callback callback) throws Exception {
                    return handler.handle(request, response, callback);
                }
            });
            jetty.setHandler(requests);
            jetty.addConnector(connector);
            jetty.start();
        }

        String url() {
            return "http://127.0.0.1:" + connector.getLocalPort();
        }

        @Override
        public void close() {
            try {
                jetty.stop();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }
}

package io.firstcome.ingress.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

import io.firstcome.ingress.testing.Reply;
import io.firstcome.ingress.testing.TestServer;
import io.firstcome.kit.http.Requests;
import io.firstcome.testing.CapturedLog;

@Isolated
class UpstreamTest {

    private final Semaphore mayAnswer = new Semaphore(0);
    private final TestServer service = TestServer.with(routes -> {
        routes.get("/fine", context -> Requests.answer(context, 200, Map.of("asked", "fine")));
        routes.get("/slow", context -> {
            mayAnswer.acquire();
            Requests.answer(context, 200, Map.of("asked", "slow"));
        });
        routes.get("/foreign", context -> context.html("<h1>Please log in</h1>"));
    });
    private final Upstream upstream = new Upstream("The service",
            List.of(URI.create("http://127.0.0.1:" + service.port())), 1);
    private final TestServer server = TestServer
            .with(routes -> routes.post("/ask/{what}",
                    context -> upstream.forward(context, "/" + context.pathParam("what"))));

    @AfterEach
    void stop() {
        mayAnswer.release(100);
        server.close();
        upstream.close();
        service.close();
    }

    @Test
    void shouldAnswer503AboveTheConcurrencyLimit() {
        // given
        CompletableFuture<Reply> first = server.postAsync("/ask/slow", "");
        await().until(mayAnswer::hasQueuedThreads);

        // when
        Reply second = server.post("/ask/fine", "");

        // then
        assertThat(second.problem()).isEqualTo("503 unavailable");
        assertThat(second.header("Retry-After")).isEqualTo("1");
        assertThat(first).isNotDone();
        mayAnswer.release();
        assertThat(first.join().get("asked")).isEqualTo("slow");
        assertThat(server.post("/ask/fine", "").get("asked")).isEqualTo("fine");
    }

    @Test
    void shouldPassOverAnInstanceThatIsAway() {
        // given
        TestServer away = TestServer.with(_ -> {});
        URI closed = URI.create("http://127.0.0.1:" + away.port());
        away.close();
        List<String> answers = new ArrayList<>();
        try (var log = new CapturedLog();
                var two = new Upstream("The service", List.of(closed, url()));
                var callers = TestServer.with(routes -> routes.post("/ask", it -> two.forward(it, "/fine")))) {
            // when
            for (int i = 0; i < 4; i++) {
                answers.add(callers.post("/ask", "").get("asked"));
            }

            // then
            assertThat(answers).containsOnly("fine");
            assertThat(log.text()).containsOnlyOnce("The service at " + closed + " does not answer");
        }
    }

    private URI url() {
        return URI.create("http://127.0.0.1:" + service.port());
    }

    @Test
    void shouldLogAnOutageAndItsEndOnce() {
        try (var log = new CapturedLog()) {
            // when
            for (String what : new String[]{"fine", "foreign", "foreign", "foreign", "fine", "fine"}) {
                server.post("/ask/" + what, "");
            }

            // then
            assertThat(log.text()).containsOnlyOnce("does not answer").containsOnlyOnce("answers again");
        }
    }
}

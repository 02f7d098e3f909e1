package io.firstcome.kit.instances;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import com.sun.net.httpserver.HttpServer;

class InstancesTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    private final CountDownLatch released = new CountDownLatch(1);
    private final AtomicInteger attempts = new AtomicInteger();
    private final HttpClient client = HttpClient.newHttpClient();
    private final HttpServer first = server("first");
    private final HttpServer second = server("second");

    private volatile boolean firstHangs;
    private volatile boolean firstIsUnavailable;

    private HttpServer server(String name) {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
            server.createContext("/", exchange -> {
                if (firstHangs && name.equals("first")) {
                    awaitRelease();
                }
                byte[] body = (firstIsUnavailable && name.equals("first") ? "unavailable" : name).getBytes();
                exchange.sendResponseHeaders(200, body.length);
                exchange.getResponseBody().write(body);
                exchange.close();
            });
            server.start();
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void awaitRelease() {
        try {
            released.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @AfterEach
    void stop() {
        released.countDown();
        client.shutdownNow();
        first.stop(0);
        second.stop(0);
    }

    @Test
    void shouldTakeTurns() {
        // given
        Instances instances = instances();

        // when
        List<String> answers = ask(instances, 4, TIMEOUT);

        // then
        assertThat(answers).containsExactly("first", "second", "first", "second");
    }

    @Test
    void shouldPassOverAnInstanceThatIsAway() {
        // given
        first.stop(0);
        Instances instances = instances();

        // when
        List<String> answers = ask(instances, 4, TIMEOUT);

        // then
        assertThat(answers).containsOnly("second");
        assertThat(attempts).as("the instance that is away is asked once").hasValue(5);
    }

    @Test
    void shouldAskTheNextInstanceWhenOneHangs() {
        // given
        firstHangs = true;

        // when
        List<String> answers = ask(instances(), 2, Duration.ofSeconds(4));

        // then
        assertThat(answers).containsOnly("second");
    }

    @Test
    void shouldAskTheNextInstanceWhenOneIsUnavailable() {
        // given
        firstIsUnavailable = true;

        // when
        List<String> answers = ask(instances(), 2, TIMEOUT);

        // then
        assertThat(answers).containsOnly("second");
    }

    @Test
    void shouldGiveTheAnswerOfTheUnavailableInstanceThatIsLeft() {
        // given
        firstIsUnavailable = true;
        second.stop(0);

        // when
        List<String> answers = ask(instances(), 2, TIMEOUT);

        // then
        assertThat(answers).containsOnly("unavailable");
    }

    @Test
    void shouldAskInstancesThatAreAwayWhenNoOtherIsLeft() {
        // given
        first.stop(0);
        second.stop(0);
        Instances instances = instances();

        // when
        CompletableFuture<String> before = ask(instances, TIMEOUT);
        CompletableFuture<String> after = ask(instances, TIMEOUT);

        // then
        for (CompletableFuture<String> answer : List.of(before, after)) {
            assertThat(answer).failsWithin(TIMEOUT).withThrowableThat().withCauseInstanceOf(ConnectException.class);
        }
        assertThat(attempts).hasValue(4);
    }

    @Test
    void shouldFailWhenARequestCannotBeBuilt() {
        // when
        CompletableFuture<String> answer = instances().ask(TIMEOUT, (_, _) -> {
            throw new IllegalArgumentException("no URI");
        }, _ -> false);

        // then
        assertThat(answer).failsWithin(TIMEOUT).withThrowableThat().withMessageContaining("no URI");
    }

    @Test
    void shouldFailWhenAnAnswerCannotBeRead() {
        // when
        CompletableFuture<String> answer = instances().ask(TIMEOUT,
                (_, _) -> CompletableFuture.completedFuture("answer"), _ -> {
                    throw new IllegalStateException("no JSON");
                });

        // then
        assertThat(answer).failsWithin(TIMEOUT).withThrowableThat().withMessageContaining("no JSON");
    }

    /** The clock advances by three seconds whenever it is read, so the five seconds end at any reading. */
    @Test
    void shouldAskAnInstanceThatStopsBeingPassedOverMeanwhile() {
        // given
        var seconds = new AtomicInteger();
        var instances = new Instances("The service", List.of(url(first)),
                () -> Duration.ofSeconds(seconds.addAndGet(3)).toNanos());
        firstHangs = true;
        assertThat(ask(instances, Duration.ofMillis(100))).failsWithin(TIMEOUT);
        firstHangs = false;

        // when
        CompletableFuture<String> answer = ask(instances, TIMEOUT);

        // then
        assertThat(answer).succeedsWithin(TIMEOUT).isEqualTo("first");
    }

    private Instances instances() {
        return new Instances("The service", List.of(url(first), url(second)));
    }

    private static URI url(HttpServer server) {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    private List<String> ask(Instances instances, int times, Duration timeout) {
        return IntStream.range(0, times).mapToObj(_ -> ask(instances, timeout).join()).toList();
    }

    private CompletableFuture<String> ask(Instances instances, Duration timeout) {
        return instances.ask(timeout, (url, limit) -> {
            attempts.incrementAndGet();
            return client.sendAsync(HttpRequest.newBuilder(url).build(), BodyHandlers.ofString())
                    .thenApply(answer -> answer.body()).orTimeout(limit.toNanos(), TimeUnit.NANOSECONDS);
        }, "unavailable"::equals);
    }
}

package io.firstcome.ingress.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

import io.firstcome.kit.health.Health;
import io.firstcome.kit.metrics.Metrics;
import io.firstcome.kit.server.HttpServer;
import io.firstcome.kit.server.HttpServerSettings;
import io.javalin.config.RoutesConfig;
import io.micrometer.core.instrument.MeterRegistry;

/** An HTTP server with the ingress's configuration and a test's routes, and its client. */
public final class TestServer implements AutoCloseable {

    private final HttpClient client = HttpClient.newHttpClient();
    private final Metrics metrics;
    private final HttpServer server;

    private TestServer(Metrics metrics, HttpServer server) {
        this.metrics = metrics;
        this.server = server;
    }

    public static TestServer with(Metrics metrics, Consumer<RoutesConfig> routes) {
        return new TestServer(metrics,
                HttpServer.start("127.0.0.1", 0, HttpServerSettings.from(Map.of()), new Health(), metrics, routes));
    }

    public static TestServer with(Consumer<RoutesConfig> routes) {
        return with(new Metrics("test"), routes);
    }

    public int port() {
        return server.port();
    }

    public MeterRegistry meters() {
        return metrics.registry();
    }

    public Reply get(String path, String... headers) {
        return call(request(path, headers).GET());
    }

    public Reply post(String path, String body, String... headers) {
        return call(request(path, headers).POST(BodyPublishers.ofString(body)));
    }

    public CompletableFuture<Reply> postAsync(String path, String body) {
        return client.sendAsync(request(path).POST(BodyPublishers.ofString(body)).build(), BodyHandlers.ofString())
                .thenApply(Reply::of);
    }

    private HttpRequest.Builder request(String path, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(server.url() + path));
        return headers.length == 0 ? request : request.headers(headers);
    }

    private Reply call(HttpRequest.Builder request) {
        try {
            return Reply.of(client.send(request.build(), BodyHandlers.ofString()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        // The server waits for open connections.
        client.shutdownNow();
        server.close();
        metrics.close();
    }
}

package io.firstcome.system;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

/**
 * A proxy for one client that makes the client go through every kind of answer that is not final:
 * <ol>
 * <li>the first claim is refused with 503 and does not reach the ingress,
 * <li>the second claim reaches the ingress, and its answer is lost,
 * <li>the third claim is answered 202, because the second one is in the log,
 * <li>the first query of the status is answered PENDING,
 * <li>the second query is forwarded.
 * </ol>
 */
final class UnreliableProxy implements AutoCloseable {

    static final int RETRY_AFTER_SECONDS = 2;

    private final String ingress;
    private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final List<Received> received = new CopyOnWriteArrayList<>();
    private final AtomicInteger claims = new AtomicInteger();
    private final AtomicInteger queries = new AtomicInteger();
    private final HttpServer server;

    /**
     * A request as it arrived.
     *
     * @param key the Idempotency-Key, or null
     * @param nanos the arrival, by {@link System#nanoTime()}
     */
    record Received(String method, String key, long nanos) {}

    UnreliableProxy(String ingress) throws IOException {
        this.ingress = ingress;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    List<Received> received() {
        return List.copyOf(received);
    }

    private void answer(HttpExchange exchange) throws IOException {
        String method = exchange.getRequestMethod();
        String key = exchange.getRequestHeaders().getFirst("Idempotency-Key");
        received.add(new Received(method, key, System.nanoTime()));
        byte[] body = exchange.getRequestBody().readAllBytes();
        try (exchange) {
            if (method.equals("POST")) {
                answerClaim(exchange, key, body);
            } else if (queries.getAndIncrement() == 0) {
                send(exchange, 200, Map.of("Retry-After", "0"), "{\"status\":\"PENDING\"}".getBytes(UTF_8));
            } else {
                HttpResponse<byte[]> answer = forward(exchange, body);
                send(exchange, answer.statusCode(), Map.of(), answer.body());
            }
        }
    }

    private void answerClaim(HttpExchange exchange, String key, byte[] body) throws IOException {
        switch (claims.getAndIncrement()) {
            case 0 -> send(exchange, 503, Map.of("Retry-After", String.valueOf(RETRY_AFTER_SECONDS)), new byte[0]);
            // The exchange is closed without an answer.
            case 1 -> forward(exchange, body);
            default -> send(exchange, 202,
                    Map.of("Retry-After", "0", "Location",
                            exchange.getRequestURI().getPath().replace("/issues", "/requests/" + key)),
                    "{\"status\":\"PENDING\"}".getBytes(UTF_8));
        }
    }

    private HttpResponse<byte[]> forward(HttpExchange exchange, byte[] body) throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(ingress + exchange.getRequestURI()))
                .method(exchange.getRequestMethod(), BodyPublishers.ofByteArray(body));
        List.of("Content-Type", "Idempotency-Key", "Prefer").forEach(name -> exchange.getRequestHeaders()
                .getOrDefault(name, List.of()).forEach(value -> request.header(name, value)));
        try {
            return client.send(request.build(), BodyHandlers.ofByteArray());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    private static void send(HttpExchange exchange, int status, Map<String, String> headers, byte[] body)
            throws IOException {
        headers.forEach(exchange.getResponseHeaders()::set);
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
    }

    @Override
    public void close() {
        server.stop(0);
        client.close();
    }
}

package io.firstcome.system;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

/**
 * Passes requests on, in turn, to those instances whose {@code /readyz} was 200 when last heard of, over connections that it
 * keeps. It tries nothing twice: a request that an instance does not answer is lost, and noted.
 */
final class LoadBalancer implements AutoCloseable {

    private static final long BETWEEN_LOOKS_MILLIS = 50;
    private static final Duration LOOK_PATIENCE = Duration.ofMillis(500);
    private static final List<String> PASSED_ON = List.of("Content-Type", "Idempotency-Key", "Prefer");

    private final List<String> instances;
    private final Map<String, AtomicInteger> answered = new ConcurrentHashMap<>();
    private final Queue<String> lost = new ConcurrentLinkedQueue<>();
    private final AtomicInteger turn = new AtomicInteger();
    private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final ScheduledExecutorService looking;
    private final HttpServer server;
    private volatile List<String> ready = List.of();

    LoadBalancer(List<String> instances) throws IOException {
        this.instances = instances;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::pass);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
        looking = Executors.newScheduledThreadPool(instances.size());
        instances.forEach(instance -> looking.scheduleWithFixedDelay(() -> look(instance), 0, BETWEEN_LOOKS_MILLIS,
                TimeUnit.MILLISECONDS));
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** The instances that take requests. */
    List<String> ready() {
        return ready;
    }

    /** How many requests an instance has answered. */
    int answeredBy(String instance) {
        return answered.computeIfAbsent(instance, any -> new AtomicInteger()).get();
    }

    /** What became of requests that got no answer. */
    List<String> lost() {
        return List.copyOf(lost);
    }

    /** No answer in time is no news: on a busy machine an instance that is well may be silent for a moment. */
    private void look(String instance) {
        var question = HttpRequest.newBuilder(URI.create(instance + "/readyz")).timeout(LOOK_PATIENCE).build();
        try {
            seen(instance, client.send(question, BodyHandlers.discarding()).statusCode() == 200);
        } catch (HttpTimeoutException silence) {
            return;
        } catch (IOException e) {
            seen(instance, false);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The last one stays, whatever it says: there is nobody else to pass requests on to. */
    private synchronized void seen(String instance, boolean isReady) {
        List<String> now = instances.stream().filter(it -> it.equals(instance) ? isReady : ready.contains(it)).toList();
        if (!now.isEmpty()) {
            ready = now;
        }
    }

    private void pass(HttpExchange exchange) throws IOException {
        String instance = next();
        try (exchange) {
            HttpResponse<byte[]> answer = client.send(request(exchange, instance), BodyHandlers.ofByteArray());
            answered.computeIfAbsent(instance, any -> new AtomicInteger()).incrementAndGet();
            exchange.sendResponseHeaders(answer.statusCode(), answer.body().length);
            exchange.getResponseBody().write(answer.body());
        } catch (IOException e) {
            lost.add(instance + ": " + e);
            throw e;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private String next() {
        List<String> candidates = ready;
        return candidates.get(Math.floorMod(turn.getAndIncrement(), candidates.size()));
    }

    private static HttpRequest request(HttpExchange exchange, String instance) throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(instance + exchange.getRequestURI()))
                .method(exchange.getRequestMethod(),
                        BodyPublishers.ofByteArray(exchange.getRequestBody().readAllBytes()));
        PASSED_ON.forEach(name -> exchange.getRequestHeaders().getOrDefault(name, List.of())
                .forEach(value -> request.header(name, value)));
        return request.build();
    }

    @Override
    public void close() {
        looking.shutdownNow();
        server.stop(0);
        client.shutdownNow();
    }
}

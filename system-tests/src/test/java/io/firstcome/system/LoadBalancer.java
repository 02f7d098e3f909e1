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
 * A round-robin load balancer for the instances whose last {@code /readyz} was 200. It uses persistent connections and
 * does not retry: a request that an instance does not answer is recorded as lost.
 */
final class LoadBalancer implements AutoCloseable {

    private static final long PROBE_INTERVAL_MILLIS = 50;
    private static final Duration PROBE_TIMEOUT = Duration.ofMillis(500);
    private static final List<String> FORWARDED_HEADERS = List.of("Content-Type", "Idempotency-Key", "Prefer");

    private final List<String> instances;
    private final Map<String, AtomicInteger> answered = new ConcurrentHashMap<>();
    private final Queue<String> lost = new ConcurrentLinkedQueue<>();
    private final AtomicInteger nextIndex = new AtomicInteger();
    private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final ScheduledExecutorService probes;
    private final HttpServer server;
    private volatile List<String> ready = List.of();

    LoadBalancer(List<String> instances) throws IOException {
        this.instances = instances;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::forward);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
        probes = Executors.newScheduledThreadPool(instances.size());
        instances.forEach(instance -> probes.scheduleWithFixedDelay(() -> probe(instance), 0, PROBE_INTERVAL_MILLIS,
                TimeUnit.MILLISECONDS));
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** The instances that receive requests. */
    List<String> ready() {
        return ready;
    }

    /** The number of requests that an instance has answered. */
    int answeredBy(String instance) {
        return answered.computeIfAbsent(instance, _ -> new AtomicInteger()).get();
    }

    /** The instance and the error of each request without an answer. */
    List<String> lost() {
        return List.copyOf(lost);
    }

    /** A timeout does not change the status: on a busy machine a healthy instance may answer late. */
    private void probe(String instance) {
        var request = HttpRequest.newBuilder(URI.create(instance + "/readyz")).timeout(PROBE_TIMEOUT).build();
        try {
            update(instance, client.send(request, BodyHandlers.discarding()).statusCode() == 200);
        } catch (HttpTimeoutException _) {
            return;
        } catch (IOException e) {
            update(instance, false);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The last ready instance stays in the list, so that there is always a target. */
    private synchronized void update(String instance, boolean isReady) {
        List<String> newReady = instances.stream().filter(it -> it.equals(instance) ? isReady : ready.contains(it))
                .toList();
        if (!newReady.isEmpty()) {
            ready = newReady;
        }
    }

    private void forward(HttpExchange exchange) throws IOException {
        String instance = next();
        try (exchange) {
            HttpResponse<byte[]> answer = client.send(request(exchange, instance), BodyHandlers.ofByteArray());
            answered.computeIfAbsent(instance, _ -> new AtomicInteger()).incrementAndGet();
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
        return candidates.get(Math.floorMod(nextIndex.getAndIncrement(), candidates.size()));
    }

    private static HttpRequest request(HttpExchange exchange, String instance) throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(instance + exchange.getRequestURI()))
                .method(exchange.getRequestMethod(),
                        BodyPublishers.ofByteArray(exchange.getRequestBody().readAllBytes()));
        FORWARDED_HEADERS.forEach(name -> exchange.getRequestHeaders().getOrDefault(name, List.of())
                .forEach(value -> request.header(name, value)));
        return request.build();
    }

    @Override
    public void close() {
        probes.shutdownNow();
        server.stop(0);
        client.shutdownNow();
    }
}

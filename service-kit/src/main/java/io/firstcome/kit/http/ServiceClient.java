package io.firstcome.kit.http;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import io.firstcome.kit.tracing.Tracing;
import io.javalin.http.Context;

/** Sends a request to another service of this project and copies the answer to the caller. */
public final class ServiceClient implements AutoCloseable {

    private static final List<String> COPIED_HEADERS = List.of("Content-Type", "Retry-After", "Link");

    private final HttpClient client;
    private final Duration timeout;

    /**
     * @param connect the connect timeout
     * @param timeout how long the answer may take to its last byte
     */
    public ServiceClient(Duration connect, Duration timeout) {
        this.client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(connect).build();
        this.timeout = timeout;
    }

    /**
     * Sends the request and copies status, selected headers and body to the caller.
     *
     * @throws IOException when there is no answer in time, or when its content type shows that a proxy answered instead
     *     of the service
     */
    public void forward(HttpRequest request, Context context) throws IOException, InterruptedException {
        HttpResponse<byte[]> answer = send(request);
        if (!isFromService(answer)) {
            throw new IOException("answered " + answer.statusCode() + " of type '" + contentType(answer) + "'");
        }
        COPIED_HEADERS.forEach(
                name -> answer.headers().firstValue(name).ifPresent(value -> context.header(name, value)));
        context.status(answer.statusCode()).result(answer.body());
    }

    /** {@link HttpRequest#timeout} covers the headers only, so the whole answer has its own timeout. */
    private HttpResponse<byte[]> send(HttpRequest request) throws IOException, InterruptedException {
        CompletableFuture<HttpResponse<byte[]>> answer = client.sendAsync(Tracing.addTo(request),
                BodyHandlers.ofByteArray());
        try {
            return answer.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            throw new IOException(e.getCause());
        } catch (TimeoutException e) {
            throw new IOException("no complete answer within " + timeout, e);
        } finally {
            answer.cancel(true);
        }
    }

    private static boolean isFromService(HttpResponse<byte[]> answer) {
        String type = contentType(answer).replaceFirst(";.*", "").strip().toLowerCase(Locale.ROOT);
        return answer.statusCode() == 200 && type.equals("application/json")
                || answer.statusCode() >= 400 && type.equals(Problem.MEDIA_TYPE);
    }

    private static String contentType(HttpResponse<byte[]> answer) {
        return answer.headers().firstValue("Content-Type").orElse("");
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}

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
import java.util.concurrent.CompletionException;
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
        CompletableFuture<HttpResponse<byte[]>> answer = send(Tracing.addTo(request), timeout);
        try {
            copy(answer.get(), context);
        } catch (ExecutionException e) {
            throw new IOException(e.getCause());
        } finally {
            answer.cancel(true);
        }
    }

    /**
     * Sends the request without blocking. The result fails with an {@link IOException} as {@link #forward} does.
     *
     * @param limit how long the answer may take to its last byte; {@link HttpRequest#timeout} covers the headers only
     */
    public CompletableFuture<HttpResponse<byte[]>> send(HttpRequest request, Duration limit) {
        CompletableFuture<HttpResponse<byte[]>> response = client.sendAsync(request, BodyHandlers.ofByteArray());
        CompletableFuture<HttpResponse<byte[]>> bounded = response.copy().orTimeout(limit.toNanos(),
                TimeUnit.NANOSECONDS);
        bounded.whenComplete((_, failure) -> {
            if (failure != null) {
                response.cancel(true);
            }
        });
        return bounded.handle((answer, failure) -> {
            if (failure instanceof TimeoutException) {
                throw new CompletionException(new IOException("no complete answer within " + limit, failure));
            }
            if (failure != null) {
                throw failure instanceof CompletionException e ? e : new CompletionException(failure);
            }
            if (!isFromService(answer)) {
                throw new CompletionException(
                        new IOException("answered " + answer.statusCode() + " of type '" + contentType(answer) + "'"));
            }
            return answer;
        });
    }

    /** Copies status, selected headers and body of an answer to the caller. */
    public static void copy(HttpResponse<byte[]> answer, Context context) {
        COPIED_HEADERS.forEach(
                name -> answer.headers().firstValue(name).ifPresent(value -> context.header(name, value)));
        context.status(answer.statusCode()).result(answer.body());
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

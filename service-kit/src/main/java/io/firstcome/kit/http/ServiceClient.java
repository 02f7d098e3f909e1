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

import io.javalin.http.Context;

/** Asks another service of ours on the caller's behalf, and passes its answer back. */
public final class ServiceClient implements AutoCloseable {

    private static final List<String> PASSED_BACK = List.of("Content-Type", "Retry-After", "Link");

    private final HttpClient client;
    private final Duration patience;

    /**
     * @param connect how long a connection may take to come about
     * @param patience how long the whole answer may take, to its last byte
     */
    public ServiceClient(Duration connect, Duration patience) {
        this.client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(connect).build();
        this.patience = patience;
    }

    /**
     * Asks and answers.
     *
     * @throws IOException when there is no answer in time, or one that none of our services gives: something between us
     *     may answer for a service that is away
     */
    public void passOn(HttpRequest request, Context context) throws IOException, InterruptedException {
        HttpResponse<byte[]> answer = ask(request);
        if (!isOurs(answer)) {
            throw new IOException("answered " + answer.statusCode() + " of type '" + contentType(answer) + "'");
        }
        PASSED_BACK.forEach(
                name -> answer.headers().firstValue(name).ifPresent(value -> context.header(name, value)));
        context.status(answer.statusCode()).result(answer.body());
    }

    /** A request's own timeout ends with the headers. */
    private HttpResponse<byte[]> ask(HttpRequest request) throws IOException, InterruptedException {
        CompletableFuture<HttpResponse<byte[]>> answer = client.sendAsync(request, BodyHandlers.ofByteArray());
        try {
            return answer.get(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            throw new IOException(e.getCause());
        } catch (TimeoutException e) {
            throw new IOException("no whole answer within " + patience, e);
        } finally {
            answer.cancel(true);
        }
    }

    private static boolean isOurs(HttpResponse<byte[]> answer) {
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

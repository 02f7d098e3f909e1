package io.firstcome.processor.query;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

import org.apache.kafka.streams.state.HostInfo;

import io.firstcome.kit.http.Problem;
import io.firstcome.kit.http.ProblemException;
import io.javalin.http.Context;

/**
 * Asks the owner on the caller's behalf and hands its answer on. One hop at most: two instances that each take the other
 * for the owner, as they may for a moment, must not send a request to and fro.
 */
final class Forwarder implements AutoCloseable {

    /** The header of a request that has been forwarded, with the address of the instance that did. */
    static final String FORWARDED_BY = "FirstCome-Forwarded-By";

    private static final Duration CONNECT_PATIENCE = Duration.ofMillis(500);
    private static final Duration ANSWER_PATIENCE = Duration.ofSeconds(2);

    private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT_PATIENCE).build();

    void forward(Context context, HostInfo owner, HostInfo self) {
        if (context.header(FORWARDED_BY) != null) {
            throw unavailable("The coupon is changing its owner.");
        }
        // The path has passed the routes, so it holds nothing but fixed words and valid ids.
        var target = URI.create("http://" + owner.host() + ":" + owner.port() + context.path());
        var request = HttpRequest.newBuilder(target).timeout(ANSWER_PATIENCE)
                .header(FORWARDED_BY, self.host() + ":" + self.port()).build();
        answer(context, ask(request));
    }

    private HttpResponse<byte[]> ask(HttpRequest request) {
        try {
            return client.send(request, HttpResponse.BodyHandlers.ofByteArray());
        } catch (IOException e) {
            throw unavailable("The coupon's owner, " + request.uri().getAuthority() + ", does not answer.");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unavailable("This instance is stopping.");
        }
    }

    private static void answer(Context context, HttpResponse<byte[]> answer) {
        answer.headers().firstValue("Content-Type").ifPresent(context::contentType);
        answer.headers().firstValue("Retry-After").ifPresent(seconds -> context.header("Retry-After", seconds));
        context.status(answer.statusCode()).result(answer.body());
    }

    private static ProblemException unavailable(String detail) {
        return new ProblemException(Problem.unavailable(detail));
    }

    @Override
    public void close() {
        client.close();
    }
}

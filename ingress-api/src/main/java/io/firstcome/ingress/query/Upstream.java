package io.firstcome.ingress.query;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.firstcome.kit.http.Problem;
import io.firstcome.kit.http.ProblemException;
import io.firstcome.kit.http.Requests;
import io.javalin.http.Context;

/** A service that is asked on the caller's behalf: the question is passed on to it, and its answer passed back. */
final class Upstream implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Upstream.class);
    private static final Duration CONNECT = Duration.ofSeconds(1);
    private static final Duration ANSWER = Duration.ofSeconds(3);
    private static final List<String> PASSED_BACK = List.of("Content-Type", "Retry-After", "Link");

    private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT).build();
    private final String name;
    private final URI service;

    /**
     * @param name what callers are told when it does not answer
     * @param service where it answers queries
     */
    Upstream(String name, URI service) {
        this.name = name;
        this.service = service;
    }

    /**
     * Asks and answers.
     *
     * @param target path and query, made of nothing but fixed words, valid ids and encoded values
     * @throws ProblemException 503 when there is no answer in time
     */
    void ask(Context context, String target) throws InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(service.resolve(target)).timeout(ANSWER)
                .header(Requests.IDEMPOTENCY_KEY, Requests.id(context).value()).build();
        try {
            passBack(client.send(request, BodyHandlers.ofByteArray()), context);
        } catch (IOException e) {
            LOG.warn("request {}: {} at {} does not answer: {}", Requests.id(context), name, service, e.toString());
            throw new ProblemException(Problem.unavailable(name + " cannot be asked at the moment."));
        }
    }

    private static void passBack(HttpResponse<byte[]> answer, Context context) {
        PASSED_BACK.forEach(
                name -> answer.headers().firstValue(name).ifPresent(value -> context.header(name, value)));
        context.status(answer.statusCode()).result(answer.body());
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}

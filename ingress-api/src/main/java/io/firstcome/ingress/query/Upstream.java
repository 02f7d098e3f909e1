package io.firstcome.ingress.query;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Duration;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.firstcome.kit.http.Problem;
import io.firstcome.kit.http.ProblemException;
import io.firstcome.kit.http.Requests;
import io.firstcome.kit.http.ServiceClient;
import io.javalin.http.Context;

/** A service that is asked on the caller's behalf: the question is passed on to it, and its answer passed back. */
final class Upstream implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Upstream.class);
    private static final Duration CONNECT = Duration.ofSeconds(1);
    private static final Duration ANSWER = Duration.ofSeconds(3);

    private final ServiceClient client = new ServiceClient(CONNECT, ANSWER);
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
     * @throws ProblemException 503 when there is no answer in time, or none of the service's own
     */
    void ask(Context context, String target) throws InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(service.resolve(target))
                .header(Requests.IDEMPOTENCY_KEY, Requests.id(context).value()).build();
        try {
            client.passOn(request, context);
        } catch (IOException e) {
            LOG.warn("request {}: {} at {} does not answer: {}", Requests.id(context), name, service, e.toString());
            throw new ProblemException(Problem.unavailable(name + " cannot be asked at the moment."));
        }
    }

    @Override
    public void close() {
        client.close();
    }
}

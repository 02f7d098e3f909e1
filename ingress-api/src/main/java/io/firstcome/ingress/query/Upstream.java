package io.firstcome.ingress.query;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

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

    /** A question to somebody who does not answer costs seconds: beyond so many the callers are told at once. */
    private static final int MOST_AT_ONCE = 256;

    private final ServiceClient client = new ServiceClient(CONNECT, ANSWER);
    private final String name;
    private final URI service;
    private final Semaphore places;
    private final AtomicBoolean answers = new AtomicBoolean(true);

    /**
     * @param name what callers are told when it does not answer
     * @param service where it answers queries
     */
    Upstream(String name, URI service) {
        this(name, service, MOST_AT_ONCE);
    }

    Upstream(String name, URI service, int mostAtOnce) {
        this.name = name;
        this.service = service;
        this.places = new Semaphore(mostAtOnce);
    }

    /**
     * Asks and answers.
     *
     * @param target path and query, made of nothing but fixed words, valid ids and encoded values
     * @throws ProblemException 503 when there is no answer in time, or none of the service's own, and at once when as many
     *     are being asked as may
     */
    void ask(Context context, String target) throws InterruptedException {
        if (!places.tryAcquire()) {
            throw new ProblemException(Problem.unavailable(name + " is being asked by as many as may. Ask again."));
        }
        try {
            passOn(context, target);
        } finally {
            places.release();
        }
    }

    private void passOn(Context context, String target) throws InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(service.resolve(target))
                .header(Requests.IDEMPOTENCY_KEY, Requests.id(context).value()).build();
        try {
            client.passOn(request, context);
            if (!answers.getAndSet(true)) {
                LOG.info("request {}: {} at {} answers again", Requests.id(context), name, service);
            }
        } catch (IOException e) {
            // Only the change, for every caller can make one such line.
            LOG.atLevel(answers.getAndSet(false) ? Level.WARN : Level.DEBUG).log(
                    "request {}: {} at {} does not answer: {}", Requests.id(context), name, service, e.toString());
            throw new ProblemException(Problem.unavailable(name + " cannot be asked at the moment."));
        }
    }

    @Override
    public void close() {
        client.close();
    }
}

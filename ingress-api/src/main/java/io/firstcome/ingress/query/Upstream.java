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

/** A service to which queries are forwarded. */
final class Upstream implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Upstream.class);
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(1);
    private static final Duration TIMEOUT = Duration.ofSeconds(3);

    /** Queries to a service that does not answer take seconds; beyond this number callers get 503 at once. */
    private static final int MAX_CONCURRENT = 256;

    private final ServiceClient client = new ServiceClient(CONNECT_TIMEOUT, TIMEOUT);
    private final String name;
    private final URI service;
    private final Semaphore permits;
    private final AtomicBoolean reachable = new AtomicBoolean(true);

    /**
     * @param name names the service in problems and log lines
     * @param service the base URL
     */
    Upstream(String name, URI service) {
        this(name, service, MAX_CONCURRENT);
    }

    Upstream(String name, URI service, int maxConcurrent) {
        this.name = name;
        this.service = service;
        this.permits = new Semaphore(maxConcurrent);
    }

    /**
     * Forwards a query and copies the answer to the caller.
     *
     * @param target path and query, built from fixed words, validated ids and encoded values only
     * @throws ProblemException 503 when the service does not answer in time, or at once when too many queries are in
     *     progress
     */
    void forward(Context context, String target) throws InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(service.resolve(target))
                .header(Requests.IDEMPOTENCY_KEY, Requests.id(context).value()).build();
        if (!permits.tryAcquire()) {
            throw new ProblemException(Problem.unavailable(name + " has too many queries in progress. Try again."));
        }
        try {
            client.forward(request, context);
            if (!reachable.getAndSet(true)) {
                LOG.info("{} at {} answers again", name, service);
            }
        } catch (IOException e) {
            // Only the first failure at warn level: each caller could fill the log.
            LOG.atLevel(reachable.getAndSet(false) ? Level.WARN : Level.DEBUG).log(
                    "{} at {} does not answer: {}", name, service, e.toString());
            throw new ProblemException(Problem.unavailable(name + " does not answer at the moment. Try again."));
        } finally {
            permits.release();
        }
    }

    @Override
    public void close() {
        client.close();
    }
}

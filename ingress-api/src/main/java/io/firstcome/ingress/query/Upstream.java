package io.firstcome.ingress.query;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;

import io.firstcome.kit.http.Problem;
import io.firstcome.kit.http.ProblemException;
import io.firstcome.kit.http.Requests;
import io.firstcome.kit.http.ServiceClient;
import io.firstcome.kit.instances.Instances;
import io.firstcome.kit.tracing.Tracing;
import io.javalin.http.Context;

/** A service to which queries are forwarded. An instance that is away is passed over. */
final class Upstream implements AutoCloseable {

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(1);
    private static final Duration TIMEOUT = Duration.ofSeconds(3);
    private static final int UNAVAILABLE = 503;

    /** Queries to a service that does not answer take seconds; beyond this number callers get 503 at once. */
    private static final int MAX_CONCURRENT = 256;

    private final ServiceClient client = new ServiceClient(CONNECT_TIMEOUT, TIMEOUT);
    private final String name;
    private final URI first;
    private final Instances instances;
    private final Semaphore permits;

    /**
     * @param name names the service in problems and log lines
     * @param urls the base URLs of its instances
     */
    Upstream(String name, List<URI> urls) {
        this(name, urls, MAX_CONCURRENT);
    }

    Upstream(String name, List<URI> urls, int maxConcurrent) {
        this.name = name;
        this.first = urls.getFirst();
        this.instances = new Instances(name, urls);
        this.permits = new Semaphore(maxConcurrent);
    }

    /**
     * Forwards a query and copies the answer to the caller.
     *
     * @param target path and query, built from fixed words, validated ids and encoded values only
     * @throws ProblemException 503 when no instance answers in time, or at once when too many queries are in progress
     */
    void forward(Context context, String target) throws InterruptedException {
        // Built on this thread, which has the span of the caller's request.
        HttpRequest request = Tracing.addTo(HttpRequest.newBuilder(first.resolve(target))
                .header(Requests.IDEMPOTENCY_KEY, Requests.id(context).value()).build());
        if (!permits.tryAcquire()) {
            throw new ProblemException(Problem.unavailable(name + " has too many queries in progress. Try again."));
        }
        try {
            HttpResponse<byte[]> answer = instances.ask(TIMEOUT,
                    (instance, timeout) -> client.send(HttpRequest.newBuilder(request, (_, _) -> true)
                            .uri(instance.resolve(target)).build(), timeout),
                    it -> it.statusCode() == UNAVAILABLE).get();
            ServiceClient.copy(answer, context);
        } catch (ExecutionException _) {
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

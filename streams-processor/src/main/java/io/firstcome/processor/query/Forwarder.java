package io.firstcome.processor.query;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Duration;

import org.apache.kafka.streams.state.HostInfo;

import io.firstcome.kit.http.Problem;
import io.firstcome.kit.http.ProblemException;
import io.firstcome.kit.http.Requests;
import io.firstcome.kit.http.ServiceClient;
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

    private final ServiceClient client = new ServiceClient(CONNECT_PATIENCE, ANSWER_PATIENCE);

    void forward(Context context, HostInfo owner, HostInfo self) {
        if (context.header(FORWARDED_BY) != null) {
            throw unavailable("The coupon is changing its owner.");
        }
        // The path has passed the routes, so it holds nothing but fixed words and valid ids.
        var target = URI.create("http://" + owner.host() + ":" + owner.port() + context.path());
        var request = HttpRequest.newBuilder(target).header(FORWARDED_BY, self.host() + ":" + self.port())
                .header(Requests.IDEMPOTENCY_KEY, Requests.id(context).value()).build();
        try {
            client.forward(request, context);
        } catch (IOException e) {
            throw unavailable("The coupon's owner, " + target.getAuthority() + ", does not answer.");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unavailable("This instance is stopping.");
        }
    }

    private static ProblemException unavailable(String detail) {
        return new ProblemException(Problem.unavailable(detail));
    }

    @Override
    public void close() {
        client.close();
    }
}

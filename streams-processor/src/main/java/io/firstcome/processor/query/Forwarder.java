package io.firstcome.processor.query;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.apache.kafka.streams.state.HostInfo;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.firstcome.kit.http.Problem;
import io.firstcome.kit.http.ProblemException;
import io.firstcome.kit.http.Requests;
import io.firstcome.kit.http.ServiceClient;
import io.javalin.http.Context;

/**
 * Sends a query to the owner of the coupon and passes the owner's response back. A request is forwarded once at most:
 * during a rebalance two instances may each take the other for the owner.
 */
final class Forwarder implements AutoCloseable {

    /** The header of a forwarded request, with the address of the instance that forwarded it. */
    static final String FORWARDED_BY = "FirstCome-Forwarded-By";

    private static final Logger LOG = LoggerFactory.getLogger(Forwarder.class);
    /** Hosts that are logged: a member of the group may invent any number of them. */
    private static final int MAX_REFUSED = 20;
    private static final Duration CONNECT_TIMEOUT = Duration.ofMillis(500);
    private static final Duration RESPONSE_TIMEOUT = Duration.ofSeconds(2);

    private final ServiceClient client = new ServiceClient(CONNECT_TIMEOUT, RESPONSE_TIMEOUT);
    private final Set<String> refused = ConcurrentHashMap.newKeySet();
    private final Peers peers;

    Forwarder(Peers peers) {
        this.peers = peers;
    }

    /**
     * Forwards a query.
     *
     * @param target path and query, built from validated values and never from the caller's raw text
     * @throws ProblemException with status 503 when the request was forwarded before, or when the owner is no peer or
     *     does not respond
     */
    void forward(Context context, String target, HostInfo owner, HostInfo self) {
        if (context.header(FORWARDED_BY) != null) {
            throw unavailable("The coupon is moving to another instance.");
        }
        if (!peers.contains(owner.host())) {
            if (refused.size() < MAX_REFUSED && refused.add(owner.host())) {
                LOG.warn("the group names {} as the owner of a coupon, and FIRSTCOME_PROCESSOR_PEERS does not contain"
                        + " this host: queries for its coupons are answered 503", owner);
            }
            throw unavailable("The owner of the coupon is not one of FIRSTCOME_PROCESSOR_PEERS.");
        }
        var uri = URI.create("http://" + owner.host() + ":" + owner.port() + target);
        var request = HttpRequest.newBuilder(uri).header(FORWARDED_BY, self.host() + ":" + self.port())
                .header(Requests.IDEMPOTENCY_KEY, Requests.id(context).value()).build();
        try {
            client.forward(request, context);
        } catch (IOException e) {
            throw unavailable("The instance " + uri.getAuthority() + ", which owns the coupon, does not respond.");
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

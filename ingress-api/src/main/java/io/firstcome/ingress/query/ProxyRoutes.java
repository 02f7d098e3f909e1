package io.firstcome.ingress.query;

import java.net.URI;

import io.firstcome.contract.UserId;
import io.firstcome.ingress.identity.Identity;
import io.firstcome.kit.http.PageRequest;
import io.firstcome.kit.http.Requests;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;

/** The questions that only others can answer: the authority what was decided, the sink what is remembered of a user. */
public final class ProxyRoutes implements AutoCloseable {

    private final Upstream authority;
    private final Upstream memory;

    /**
     * @param processor where the authority answers queries
     * @param sink where the sink answers queries
     */
    public ProxyRoutes(URI processor, URI sink) {
        authority = new Upstream("The authority", processor);
        memory = new Upstream("The memory of issued coupons", sink);
    }

    /** Adds the routes. */
    public void addTo(RoutesConfig routes) {
        routes.get("/v1/coupons/{couponId}/stock",
                context -> authority.ask(context, "/v1/coupons/" + Requests.couponId(context) + "/stock"));
        routes.get("/v1/coupons/{couponId}/issues/{userId}", context -> authority.ask(context,
                "/v1/coupons/" + Requests.couponId(context) + "/issues/" + userAskedAbout(context)));
        routes.get("/v1/users/{userId}/coupons", context -> memory.ask(context,
                "/v1/users/" + userAskedAbout(context) + "/coupons" + PageRequest.of(context).query()));
    }

    /** The user asked about, whom the caller must be entitled to ask about. */
    private static UserId userAskedAbout(Context context) {
        UserId userId = Requests.userId(context);
        Identity.of(context).requireRightToActFor(userId);
        return userId;
    }

    @Override
    public void close() {
        authority.close();
        memory.close();
    }
}

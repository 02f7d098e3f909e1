package io.firstcome.ingress.query;

import java.net.URI;
import java.util.List;

import io.firstcome.contract.id.UserId;
import io.firstcome.ingress.identity.Identity;
import io.firstcome.kit.http.PageRequest;
import io.firstcome.kit.http.Requests;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;

/** The queries that other services answer: the authority about its decisions, the sink about the coupons of a user. */
public final class ProxyRoutes implements AutoCloseable {

    private final Upstream authority;
    private final Upstream sink;

    /**
     * @param processors the base URLs of the authority's instances
     * @param sinks the base URLs of the sink's instances
     */
    public ProxyRoutes(List<URI> processors, List<URI> sinks) {
        this.authority = new Upstream("The authority", processors);
        this.sink = new Upstream("The database of issued coupons", sinks);
    }

    /** Adds the routes. */
    public void addTo(RoutesConfig routes) {
        routes.get("/v1/coupons/{couponId}/stock",
                context -> authority.forward(context, "/v1/coupons/" + Requests.couponId(context) + "/stock"));
        routes.get("/v1/coupons/{couponId}/issues/{userId}", context -> authority.forward(context,
                "/v1/coupons/" + Requests.couponId(context) + "/issues/" + authorizedUser(context)));
        routes.get("/v1/users/{userId}/coupons", context -> sink.forward(context,
                "/v1/users/" + authorizedUser(context) + "/coupons" + PageRequest.of(context).query()));
    }

    /**
     * The user in the path, encoded for the path of another service.
     *
     * @throws io.firstcome.kit.http.ProblemException 403 when the caller may not act for the user
     */
    private static String authorizedUser(Context context) {
        UserId userId = Requests.userId(context);
        Identity.of(context).requireMayActFor(userId);
        return Requests.encoded(userId);
    }

    @Override
    public void close() {
        authority.close();
        sink.close();
    }
}

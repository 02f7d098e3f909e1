package io.firstcome.kit.status;

import java.util.function.Supplier;

import io.firstcome.kit.http.Requests;
import io.javalin.config.RoutesConfig;

/** {@code GET /v1/status}: the status of the service that answers, for the ingress. */
public final class StatusRoute {

    private final RecentValue<ComponentStatus> status;

    /** @param status computes the status; called at most once per second */
    public StatusRoute(Supplier<ComponentStatus> status) {
        this.status = new RecentValue<>(status);
    }

    /** Adds the route. */
    public void addTo(RoutesConfig routes) {
        routes.get("/v1/status", context -> Requests.answer(context, 200, status.get()));
    }
}

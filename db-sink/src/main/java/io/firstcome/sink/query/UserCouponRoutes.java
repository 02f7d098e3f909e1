package io.firstcome.sink.query;

import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

import javax.sql.DataSource;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

import com.fasterxml.jackson.annotation.JsonInclude;

import io.firstcome.contract.id.UserId;
import io.firstcome.kit.http.Page;
import io.firstcome.kit.http.PageRequest;
import io.firstcome.kit.http.Problem;
import io.firstcome.kit.http.ProblemException;
import io.firstcome.kit.http.Requests;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;

/**
 * {@code GET /v1/users/{userId}/coupons}: the coupons that the tables hold for a user, newest first.
 * Revoked ones are listed with the time of the revocation, because their rows stay.
 *
 * <p>The tables may lag behind the log, so a coupon that is missing from the list may have been issued. A user without
 * stored coupons gets an empty list, not a 404. Only the authority knows whether a user holds a coupon.
 */
public final class UserCouponRoutes {

    private static final Logger LOG = LoggerFactory.getLogger(UserCouponRoutes.class);

    private final UserCoupons coupons;
    private final AtomicBoolean failing = new AtomicBoolean();

    /** @param connections a pool for queries alone, so that queries cannot delay the writer */
    public UserCouponRoutes(DataSource connections) {
        this.coupons = new UserCoupons(connections);
    }

    /** Adds the route. */
    public void addTo(RoutesConfig routes) {
        routes.get("/v1/users/{userId}/coupons", this::list);
    }

    private void list(Context context) {
        UserId userId = Requests.userId(context);
        PageRequest request = PageRequest.of(context);
        Page<UserCoupon> page = Page.of(request, read(context, userId, request), it -> it.cursor().toString());
        page.link(context, request);
        Requests.answer(context, 200, new UserCouponList(page.items(), page.nextCursor().orElse(null)));
    }

    private List<UserCoupon> read(Context context, UserId userId, PageRequest request) {
        try {
            List<UserCoupon> read = coupons.read(userId, request.after(PageCursor::of), request.toRead());
            failing.set(false);
            return read;
        } catch (SQLException e) {
            // An outage is one warning: each caller could fill the log.
            LOG.atLevel(failing.getAndSet(true) ? Level.DEBUG : Level.WARN).setCause(e)
                    .log("cannot read the coupons of a user");
            throw new ProblemException(Problem.unavailable("The database is not available at the moment."));
        }
    }

    @JsonInclude(JsonInclude.Include.NON_NULL)
    private record UserCouponList(List<UserCoupon> coupons, String nextCursor) {}
}

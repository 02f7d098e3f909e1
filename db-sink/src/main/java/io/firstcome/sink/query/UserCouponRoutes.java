package io.firstcome.sink.query;

import java.sql.SQLException;
import java.util.List;

import javax.sql.DataSource;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import com.fasterxml.jackson.annotation.JsonInclude;

import io.firstcome.contract.UserId;
import io.firstcome.kit.http.Page;
import io.firstcome.kit.http.PageRequest;
import io.firstcome.kit.http.Problem;
import io.firstcome.kit.http.ProblemException;
import io.firstcome.kit.http.Requests;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;

/**
 * {@code GET /v1/users/{userId}/coupons}: what the tables hold of a user, newest first.
 *
 * <p>The tables follow the log and may be behind it. An empty list is therefore an answer, not a 404: that a coupon is
 * missing from it proves nothing. Whether a user holds a coupon is the authority's to say.
 */
public final class UserCouponRoutes {

    private static final Logger LOG = LoggerFactory.getLogger(UserCouponRoutes.class);

    private final UserCoupons coupons;

    /** @param connections connections of the readers' own, that they may not keep the writer waiting */
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
        Page<UserCoupon> page = Page.of(request, read(context, userId, request), it -> it.place().toString());
        page.link(context, request);
        Requests.answer(context, 200, new UserCouponList(page.items(), page.nextCursor().orElse(null)));
    }

    private List<UserCoupon> read(Context context, UserId userId, PageRequest request) {
        try {
            return coupons.read(userId, request.after(PageCursor::of), request.toRead());
        } catch (SQLException e) {
            LOG.warn("request {}: the coupons of {} cannot be read", Requests.id(context), userId, e);
            throw new ProblemException(Problem.unavailable("The database cannot be asked at the moment."));
        }
    }

    @JsonInclude(JsonInclude.Include.NON_NULL)
    private record UserCouponList(List<UserCoupon> coupons, String nextCursor) {}
}

package io.firstcome.ingress.query;

import java.util.Arrays;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

import com.fasterxml.jackson.annotation.JsonInclude;

import io.firstcome.contract.CouponState;
import io.firstcome.contract.CouponStatus;
import io.firstcome.contract.id.CouponId;
import io.firstcome.contract.json.ContractViolation;
import io.firstcome.ingress.http.Problems;
import io.firstcome.kit.http.Page;
import io.firstcome.kit.http.PageRequest;
import io.firstcome.kit.http.ProblemException;
import io.firstcome.kit.http.Requests;
import io.firstcome.readmodel.CouponLookup;
import io.firstcome.readmodel.coupons.CouponRegistry;
import io.firstcome.readmodel.coupons.CouponResponse;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;

/** The queries about coupons, which are answered from the read model. */
public final class CouponRoutes {

    private static final String STATUS = "status";

    private final CouponRegistry registry;
    private final BooleanSupplier couponsAreCurrent;
    private final CouponLookup coupons;

    /**
     * @param couponsAreCurrent whether the registry has read all coupons up to now
     * @param coupons finds one coupon
     */
    public CouponRoutes(CouponRegistry registry, BooleanSupplier couponsAreCurrent, CouponLookup coupons) {
        this.registry = registry;
        this.couponsAreCurrent = couponsAreCurrent;
        this.coupons = coupons;
    }

    /** Adds the routes. */
    public void addTo(RoutesConfig routes) {
        routes.get("/v1/coupons", this::coupons);
        routes.get("/v1/coupons/{couponId}", this::coupon);
    }

    private void coupons(Context context) {
        PageRequest request = PageRequest.of(context, STATUS);
        if (!couponsAreCurrent.getAsBoolean()) {
            throw new ProblemException(Problems.notCurrent());
        }
        Predicate<CouponState> filter = request.filter(STATUS).map(CouponRoutes::hasStatus).orElse(_ -> true);
        List<CouponResponse> read = request.after(CouponId::new).map(registry::after).orElseGet(registry::all)
                .filter(filter).limit(request.toRead()).map(CouponResponse::of).toList();
        Page<CouponResponse> page = Page.of(request, read, coupon -> coupon.couponId().value());
        page.link(context, request);
        Requests.answer(context, 200, new CouponList(page.items(), page.nextCursor().orElse(null)));
    }

    private static Predicate<CouponState> hasStatus(String name) {
        CouponStatus status = Arrays.stream(CouponStatus.values()).filter(it -> it.name().equals(name)).findAny()
                .orElseThrow(() -> new ContractViolation(STATUS,
                        "must be one of " + Arrays.toString(CouponStatus.values())));
        return state -> state.status() == status;
    }

    private void coupon(Context context) throws InterruptedException {
        Requests.answer(context, 200,
                CouponResponse.of(Problems.requireCoupon(coupons, Requests.couponId(context))));
    }

    @JsonInclude(JsonInclude.Include.NON_NULL)
    private record CouponList(List<CouponResponse> coupons, String nextCursor) {}
}

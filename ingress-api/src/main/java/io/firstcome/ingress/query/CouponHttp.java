package io.firstcome.ingress.query;

import java.util.Arrays;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

import com.fasterxml.jackson.annotation.JsonInclude;

import io.firstcome.contract.ContractViolation;
import io.firstcome.contract.CouponId;
import io.firstcome.contract.CouponState;
import io.firstcome.contract.CouponStatus;
import io.firstcome.ingress.http.CouponView;
import io.firstcome.ingress.http.Problems;
import io.firstcome.ingress.registry.CouponRegistry;
import io.firstcome.kit.http.Page;
import io.firstcome.kit.http.PageRequest;
import io.firstcome.kit.http.ProblemException;
import io.firstcome.kit.http.Requests;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;

/** The questions about coupons that this ingress answers from memory. */
public final class CouponHttp {

    private static final String STATUS = "status";

    private final CouponRegistry registry;
    private final BooleanSupplier registryIsComplete;

    /** @param registryIsComplete whether a coupon that the registry does not know is unknown indeed */
    public CouponHttp(CouponRegistry registry, BooleanSupplier registryIsComplete) {
        this.registry = registry;
        this.registryIsComplete = registryIsComplete;
    }

    /** Adds the routes. */
    public void addTo(RoutesConfig routes) {
        routes.get("/v1/coupons", this::coupons);
        routes.get("/v1/coupons/{couponId}", this::coupon);
    }

    private void coupons(Context context) {
        PageRequest request = PageRequest.of(context, STATUS);
        if (!registryIsComplete.getAsBoolean()) {
            throw new ProblemException(Problems.stillReading());
        }
        Predicate<CouponState> wanted = request.filter(STATUS).map(CouponHttp::status).orElse(any -> true);
        List<CouponView> read = request.after(CouponId::new).map(registry::after).orElseGet(registry::all)
                .filter(wanted).limit(request.toRead()).map(CouponView::of).toList();
        Page<CouponView> page = Page.of(request, read, coupon -> coupon.couponId().value());
        page.link(context, request);
        Requests.answer(context, 200, new CouponList(page.items(), page.nextCursor().orElse(null)));
    }

    private static Predicate<CouponState> status(String name) {
        CouponStatus wanted = Arrays.stream(CouponStatus.values()).filter(it -> it.name().equals(name)).findAny()
                .orElseThrow(() -> new ContractViolation(STATUS,
                        "must be one of " + Arrays.toString(CouponStatus.values())));
        return state -> state.status() == wanted;
    }

    private void coupon(Context context) {
        CouponId couponId = Requests.couponId(context);
        Requests.answer(context, 200, registry.find(couponId).map(CouponView::of)
                .orElseThrow(() -> new ProblemException(
                        Problems.missingCoupon(couponId, registryIsComplete.getAsBoolean()))));
    }

    @JsonInclude(JsonInclude.Include.NON_NULL)
    private record CouponList(List<CouponView> coupons, String nextCursor) {}
}

package io.firstcome.processor.query;

import java.util.Optional;
import java.util.Set;

import io.firstcome.contract.id.CouponId;
import io.firstcome.contract.id.UserId;
import io.firstcome.contract.json.ContractViolation;
import io.firstcome.kit.http.Requests;
import io.javalin.http.Context;

/**
 * A request for one page of a coupon's holders.
 *
 * @param couponId the coupon
 * @param after the last user of the previous page; empty for the first page
 * @param limit the number of issues after which the page ends, 1 to 5000; the issues of its last user are complete, so
 *     the page may have a few more
 */
record HoldersRequest(CouponId couponId, Optional<UserId> after, int limit) {

    static final int DEFAULT_LIMIT = 1_000;
    static final int MAX_LIMIT = 5_000;

    private static final String AFTER = "after";
    private static final String LIMIT = "limit";
    private static final Set<String> PARAMETERS = Set.of(AFTER, LIMIT);

    /**
     * Reads the query parameters of a request.
     *
     * @throws ContractViolation naming the parameter that is unknown, sent twice or not valid
     */
    static HoldersRequest of(Context context, CouponId couponId) {
        context.queryParamMap().forEach((name, values) -> {
            if (!PARAMETERS.contains(name)) {
                throw new ContractViolation(name, "is not a query parameter of this list");
            }
            if (values.size() != 1) {
                throw new ContractViolation(name, "must be sent once");
            }
        });
        return new HoldersRequest(couponId, Optional.ofNullable(context.queryParam(AFTER)).map(HoldersRequest::userId),
                Optional.ofNullable(context.queryParam(LIMIT)).map(HoldersRequest::limit).orElse(DEFAULT_LIMIT));
    }

    private static UserId userId(String text) {
        try {
            return new UserId(text);
        } catch (ContractViolation e) {
            throw new ContractViolation(AFTER, "must be a user id: " + e.getMessage());
        }
    }

    private static int limit(String text) {
        int limit = text.matches("[0-9]{1,9}") ? Integer.parseInt(text) : 0;
        if (limit < 1 || limit > MAX_LIMIT) {
            throw new ContractViolation(LIMIT, "must be a whole number from 1 to " + MAX_LIMIT);
        }
        return limit;
    }

    /** The path and query of this request. */
    String target() {
        return "/v1/coupons/" + couponId + "/holders?limit=" + limit
                + after.map(user -> "&after=" + Requests.encoded(user)).orElse("");
    }
}

package io.firstcome.standalone.demo;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;

import io.firstcome.contract.CouponDefinition;
import io.firstcome.contract.id.CouponId;
import io.firstcome.contract.id.RequestId;
import io.firstcome.contract.id.UserId;
import io.firstcome.contract.json.Json;
import io.firstcome.standalone.demo.KeepAliveClient.HttpAnswer;
import io.firstcome.standalone.stack.Endpoints;

/** The requests of a sale. Uses only the documented API. */
final class SaleClient implements AutoCloseable {

    private static final Duration TIMEOUT = Duration.ofSeconds(40);
    private static final String MAX_WAIT = "wait=30";

    private final KeepAliveClient callers;
    private final KeepAliveClient operators;
    private final Endpoints endpoints;

    SaleClient(Endpoints endpoints) {
        this.callers = new KeepAliveClient(endpoints.http(), TIMEOUT);
        this.operators = new KeepAliveClient(endpoints.admin(), TIMEOUT);
        this.endpoints = endpoints;
    }

    /** The body of the request that defines a coupon. */
    private record Definition(String name, long stock, String opensAt, String closesAt) {}

    private record Claim(UserId userId) {}

    HttpAnswer define(CouponDefinition coupon) throws IOException {
        var body = new Definition(coupon.name(), coupon.stock(), coupon.opensAt().toString(),
                coupon.closesAt().toString());
        return operators.send("PUT", "/v1/coupons/" + coupon.couponId(),
                Map.of("Authorization", "Bearer " + endpoints.adminToken()), Json.write(body));
    }

    /** Claims a coupon and waits for the decision. The same request id may be sent repeatedly. */
    HttpAnswer claim(CouponId couponId, UserId userId, RequestId requestId) throws IOException {
        return callers.send("POST", "/v1/coupons/" + couponId + "/issues",
                Map.of("Idempotency-Key", requestId.value(), "Prefer", MAX_WAIT), Json.write(new Claim(userId)));
    }

    @Override
    public void close() {
        callers.close();
        operators.close();
    }
}

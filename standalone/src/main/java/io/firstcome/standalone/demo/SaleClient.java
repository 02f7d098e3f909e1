package io.firstcome.standalone.demo;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

import io.firstcome.contract.CouponDefinition;
import io.firstcome.contract.id.CouponId;
import io.firstcome.contract.id.RequestId;
import io.firstcome.contract.id.UserId;
import io.firstcome.contract.json.Json;
import io.firstcome.standalone.stack.Endpoints;

/** The HTTP client of a sale. It uses only the documented API. */
final class SaleClient implements AutoCloseable {

    private static final Duration TIMEOUT = Duration.ofSeconds(40);
    private static final int MAX_WAIT_SECONDS = 30;

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(10))
            .build();
    private final Endpoints endpoints;

    SaleClient(Endpoints endpoints) {
        this.endpoints = endpoints;
    }

    /** The body of the request that defines a coupon. */
    private record Definition(String name, long stock, String opensAt, String closesAt) {}

    private record Claim(UserId userId) {}

    HttpResponse<byte[]> define(CouponDefinition coupon) throws IOException, InterruptedException {
        var body = new Definition(coupon.name(), coupon.stock(), coupon.opensAt().toString(),
                coupon.closesAt().toString());
        return send(to(endpoints.admin() + "/v1/coupons/" + coupon.couponId())
                .header("Authorization", "Bearer " + endpoints.adminToken())
                .PUT(BodyPublishers.ofByteArray(Json.write(body))));
    }

    /** Claims a coupon and waits for the decision. The same request id may be sent repeatedly. */
    HttpResponse<byte[]> claim(CouponId couponId, UserId userId, RequestId requestId)
            throws IOException, InterruptedException {
        return send(to(endpoints.http() + "/v1/coupons/" + couponId + "/issues")
                .header("Idempotency-Key", requestId.value())
                .header("Prefer", "wait=" + MAX_WAIT_SECONDS)
                .POST(BodyPublishers.ofByteArray(Json.write(new Claim(userId)))));
    }

    private static HttpRequest.Builder to(String url) {
        return HttpRequest.newBuilder(URI.create(url)).timeout(TIMEOUT).header("Content-Type", "application/json");
    }

    private HttpResponse<byte[]> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return http.send(request.build(), BodyHandlers.ofByteArray());
    }

    @Override
    public void close() {
        http.close();
    }
}

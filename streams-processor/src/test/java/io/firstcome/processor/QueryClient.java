package io.firstcome.processor;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;

import io.firstcome.contract.CouponOutcome.CouponIssued;
import io.firstcome.contract.id.CouponId;
import io.firstcome.contract.id.RequestId;
import io.firstcome.contract.id.UserId;
import io.firstcome.contract.json.Json;

/** Sends queries to one instance of the authority. */
record QueryClient(String url) {

    private static final Duration TIMEOUT = Duration.ofMinutes(2);
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    HttpResponse<String> get(String path, String... headers) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url + path));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    /** Repeats the query after 503, because the owner may be changing. Any other response is final. */
    HttpResponse<String> getAvailable(String path) {
        return await().pollDelay(Duration.ZERO).atMost(TIMEOUT).until(() -> get(path),
                response -> response.statusCode() != 503);
    }

    JsonNode found(String path) {
        HttpResponse<String> response = getAvailable(path);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return json(response);
    }

    /** All holders of a coupon, page by page, as the outcomes that made them. */
    List<CouponIssued> holders(CouponId couponId, int limit) {
        List<CouponIssued> holders = new ArrayList<>();
        String path = "/v1/coupons/" + couponId + "/holders?limit=" + limit;
        JsonNode page = found(path);
        while (true) {
            for (JsonNode holder : page.get("holders")) {
                holders.add(new CouponIssued(new RequestId(holder.get("requestId").textValue()), couponId,
                        new UserId(holder.get("userId").textValue()), holder.get("sequence").longValue(),
                        Instant.parse(holder.get("issuedAt").textValue())));
            }
            if (!page.has("next")) {
                return holders;
            }
            page = found(path + "&after=" + URLEncoder.encode(page.get("next").textValue(), UTF_8));
        }
    }

    static JsonNode json(HttpResponse<String> response) {
        return Json.read(response.body().getBytes(UTF_8), JsonNode.class);
    }
}

package io.firstcome.ingress.authority;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;

import io.firstcome.contract.id.CouponId;
import io.firstcome.contract.id.RequestId;
import io.firstcome.contract.id.UserId;
import io.firstcome.contract.json.ContractViolation;
import io.firstcome.contract.json.Json;
import io.firstcome.gate.projection.HolderSource;
import io.firstcome.kit.http.ProblemType;
import io.firstcome.kit.http.Requests;
import io.firstcome.kit.http.ServiceClient;
import io.firstcome.kit.instances.Instances;

/** Reads holders and counts from the processor's {@code holders}, {@code issues} and {@code stock} of a coupon. */
public final class AuthorityHolders implements HolderSource, AutoCloseable {

    private static final int LIMIT = 2000;
    private static final int UNAVAILABLE = 503;
    private static final String NO_SUCH_ISSUE = ProblemType.NO_SUCH_ISSUE.uri();
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(1);
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private final ServiceClient client;
    private final Instances instances;
    private final Duration timeout;

    private record Body(CouponId couponId, List<Item> holders, UserId next) {

        /**
         * @param nth which of the user's issues this is; null from an authority of an earlier release
         * @param revokedAt null while the user holds the coupon
         */
        private record Item(UserId userId, long sequence, RequestId requestId, Instant issuedAt, Integer nth,
                Instant revokedAt) {

            private Item {
                require(userId != null, "userId", "is missing");
                require(sequence >= 1, "sequence", "must be 1 or more");
                require(requestId != null, "requestId", "is missing");
                require(issuedAt != null, "issuedAt", "is missing");
            }
        }

        private Body {
            require(holders != null && !holders.contains(null), "holders", "is missing");
        }
    }

    /** @param processors the URLs of the HTTP ports of the processor's instances */
    public AuthorityHolders(List<URI> processors) {
        this(processors, TIMEOUT);
    }

    AuthorityHolders(List<URI> processors, Duration timeout) {
        this.instances = new Instances("The authority", processors);
        this.timeout = timeout;
        this.client = new ServiceClient(CONNECT_TIMEOUT, timeout);
    }

    @Override
    public CompletableFuture<HolderPage> page(CouponId couponId, Optional<UserId> after) {
        return page(couponId, after, LIMIT);
    }

    /**
     * Requests one page without blocking.
     *
     * @param limit the number of issues after which the page ends; the issues of its last user are complete
     */
    public CompletableFuture<HolderPage> page(CouponId couponId, Optional<UserId> after, int limit) {
        String target = "/v1/coupons/" + couponId + "/holders?limit=" + limit
                + after.map(user -> "&after=" + Requests.encoded(user)).orElse("");
        return get(target).thenApply(answer -> read(couponId, answer));
    }

    /** The counts of a coupon. They may run one transaction ahead of what is committed. */
    public CompletableFuture<AuthorityStock> stock(CouponId couponId) {
        return get("/v1/coupons/" + couponId + "/stock").thenApply(answer -> {
            require200(couponId, answer);
            return AuthorityStock.of(Json.read(answer.body(), JsonNode.class));
        });
    }

    /** What a user holds of a coupon, in the order of issues; empty when the user holds nothing. */
    public CompletableFuture<List<Holder>> heldBy(CouponId couponId, UserId userId) {
        return get("/v1/coupons/" + couponId + "/issues/" + Requests.encoded(userId)).thenApply(answer -> {
            if (answer.statusCode() == 404 && NO_SUCH_ISSUE.equals(Json.read(answer.body(), JsonNode.class)
                    .path("type").asText())) {
                return List.of();
            }
            require200(couponId, answer);
            JsonNode body = Json.read(answer.body(), JsonNode.class);
            JsonNode several = body.path("issues");
            return (several.isArray() ? several.valueStream() : Stream.of(body))
                    .map(it -> new Holder(userId, it.path("sequence").asLong(),
                            new RequestId(it.path("requestId").asText()), Instant.parse(it.path("issuedAt").asText())))
                    .toList();
        });
    }

    private CompletableFuture<HttpResponse<byte[]>> get(String target) {
        return instances.ask(timeout,
                (instance, limit) -> client.send(HttpRequest.newBuilder(instance.resolve(target)).build(), limit),
                answer -> answer.statusCode() == UNAVAILABLE);
    }

    private static void require200(CouponId couponId, HttpResponse<byte[]> response) {
        if (response.statusCode() != 200) {
            throw new CompletionException(
                    new IOException("the authority answered " + response.statusCode() + " for coupon " + couponId));
        }
    }

    private static HolderPage read(CouponId couponId, HttpResponse<byte[]> response) {
        require200(couponId, response);
        Body body = Json.read(response.body(), Body.class);
        require(couponId.equals(body.couponId()), "couponId", "must be " + couponId);
        require(body.next() == null
                || !body.holders().isEmpty() && body.next().equals(body.holders().getLast().userId()), "next",
                "must be the last user of the page");
        return new HolderPage(body.holders().stream()
                .map(it -> new Holder(it.userId(), it.sequence(), it.requestId(), it.issuedAt(),
                        it.nth() == null ? 1 : it.nth(), Optional.ofNullable(it.revokedAt())))
                .toList(),
                Optional.ofNullable(body.next()));
    }

    private static void require(boolean condition, String field, String problem) {
        if (!condition) {
            throw new ContractViolation(field, problem);
        }
    }

    @Override
    public void close() {
        client.close();
    }
}

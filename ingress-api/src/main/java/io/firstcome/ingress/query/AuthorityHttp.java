package io.firstcome.ingress.query;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.firstcome.contract.UserId;
import io.firstcome.ingress.identity.Identity;
import io.firstcome.kit.http.Problem;
import io.firstcome.kit.http.ProblemException;
import io.firstcome.kit.http.Requests;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;

/** The questions that only the authority can answer: they are passed on to it, and its answers passed back. */
public final class AuthorityHttp implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(AuthorityHttp.class);
    private static final Duration CONNECT = Duration.ofSeconds(1);
    private static final Duration ANSWER = Duration.ofSeconds(2);
    private static final List<String> PASSED_BACK = List.of("Content-Type", "Retry-After");

    private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT).build();
    private final URI authority;

    /** @param authority where the processor answers queries */
    public AuthorityHttp(URI authority) {
        this.authority = authority;
    }

    /** Adds the routes. */
    public void addTo(RoutesConfig routes) {
        routes.get("/v1/coupons/{couponId}/stock",
                context -> ask(context, "/v1/coupons/" + Requests.couponId(context) + "/stock"));
        routes.get("/v1/coupons/{couponId}/issues/{userId}", this::askOfUser);
    }

    private void askOfUser(Context context) throws InterruptedException {
        UserId userId = Requests.userId(context);
        Identity.of(context).requireRightToActFor(userId);
        ask(context, "/v1/coupons/" + Requests.couponId(context) + "/issues/" + userId);
    }

    private void ask(Context context, String path) throws InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(authority.resolve(path)).timeout(ANSWER)
                .header(Requests.IDEMPOTENCY_KEY, Requests.id(context).value()).build();
        try {
            passBack(client.send(request, BodyHandlers.ofByteArray()), context);
        } catch (IOException e) {
            LOG.warn("request {}: the processor at {} does not answer: {}", Requests.id(context), authority,
                    e.toString());
            throw new ProblemException(Problem.unavailable("The authority cannot be asked at the moment."));
        }
    }

    private static void passBack(HttpResponse<byte[]> answer, Context context) {
        PASSED_BACK.forEach(
                name -> answer.headers().firstValue(name).ifPresent(value -> context.header(name, value)));
        context.status(answer.statusCode()).result(answer.body());
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}

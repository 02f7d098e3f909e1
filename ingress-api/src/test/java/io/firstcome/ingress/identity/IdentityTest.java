package io.firstcome.ingress.identity;

import static io.firstcome.ingress.testing.TokenIssuer.token;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import com.nimbusds.jose.jwk.ECKey;

import io.firstcome.contract.id.UserId;
import io.firstcome.ingress.limits.ClientAddress;
import io.firstcome.ingress.limits.ProtectionSettings;
import io.firstcome.ingress.testing.Reply;
import io.firstcome.ingress.testing.TestServer;
import io.firstcome.ingress.testing.TokenIssuer;
import io.firstcome.kit.http.Requests;
import io.firstcome.kit.metrics.Metrics;

class IdentityTest {

    private final TokenIssuer issuer = new TokenIssuer();
    private final ECKey key = issuer.publish(TokenIssuer.ecKey("key"));

    @AfterEach
    void stop() {
        issuer.close();
    }

    @Test
    void shouldTrustTheUserIdWithoutTokens() {
        assertThat(Identity.TRUSTED.mayActFor(new UserId("u1"))).isTrue();
        withServer(Map.of(), server -> {
            assertThat(server.get("/v1/users/u1").status()).isEqualTo(200);
            assertThat(server.get("/v1/users/u1", "Authorization", "Bearer any-text").status()).isEqualTo(200);
        });
    }

    @Test
    void shouldAllowAUserOnlyTheirOwnData() {
        withServer(issuer.environment(), server -> {
            assertThat(server.get("/v1/users/u1", bearer("u1")).status()).isEqualTo(200);
            assertThat(server.get("/v1/users/u2", bearer("u1")).problem()).isEqualTo("403 forbidden");
            assertThat(server.get("/v1/users/u2").problem()).isEqualTo("401 unauthenticated");
        });
    }

    @Test
    void shouldTakeSubjectsOfIdentityProvidersCaseSensitively() {
        withServer(issuer.environment(), server -> {
            assertThat(server.get("/v1/users/auth0%7C5f7C", bearer("auth0|5f7C")).status()).isEqualTo(200);
            assertThat(server.get("/v1/users/auth0%7C5f7c", bearer("auth0|5f7C")).problem()).isEqualTo("403 forbidden");
            assertThat(server.get("/v1/users/u1", bearer("a/b")).problem()).isEqualTo("401 unauthenticated");
        });
    }

    @Test
    void shouldReadTheUserFromTheConfiguredClaim() {
        // given
        Map<String, String> environment = new HashMap<>(issuer.environment());
        environment.put("FIRSTCOME_JWT_USER_CLAIM", "account");
        String token = token(key, TokenIssuer.claims("other").claim("account", "u1"));

        // then
        withServer(environment, server -> {
            assertThat(server.get("/v1/users/u1", "Authorization", "Bearer " + token).status()).isEqualTo(200);
            assertThat(server.get("/v1/users/u1", bearer("u1")).status()).isEqualTo(401);
        });
    }

    @Test
    void shouldAnswer429AfterTooManyInvalidTokens() {
        withServer(allowingThreeFailures(), server -> {
            // given
            for (int i = 0; i < 3; i++) {
                assertThat(server.get("/v1/users/u1", "Authorization", "Bearer x").status()).isEqualTo(401);
            }

            // when
            Reply refused = server.get("/v1/users/u1", "Authorization", "Bearer x");

            // then
            assertThat(refused.problem()).isEqualTo("429 rate-limited");
            assertThat(Integer.parseInt(refused.header("Retry-After"))).isBetween(1, 20);
            assertThat(refused.header("RateLimit-Policy")).isEqualTo("\"failed-tokens\";q=3;w=60");
            assertThat(refused.header("RateLimit")).isEqualTo(
                    "\"failed-tokens\";r=0;t=" + refused.header("Retry-After"));
            assertThat(server.get("/v1/users/u1", "Authorization", "Bearer x", "X-Forwarded-For", "203.0.113.9")
                    .status()).as("from another address").isEqualTo(401);
        });
    }

    @Test
    void shouldAcceptAValidTokenWhileNeighboursFail() {
        withServer(allowingThreeFailures(), server -> {
            // given
            String[] seenBefore = bearer("u1");
            assertThat(server.get("/v1/users/u1", seenBefore).status()).isEqualTo(200);
            for (int i = 0; i < 5; i++) {
                server.get("/v1/users/u1", "Authorization", "Bearer x");
            }

            // when
            List<Reply> accepted = List.of(server.get("/v1/users/u1", seenBefore),
                    server.get("/v1/users/u2", bearer("u2")));

            // then
            assertThat(accepted).extracting(Reply::status).containsOnly(200);
            assertThat(server.get("/v1/users/u1", "Authorization", "Bearer x").problem())
                    .as("the limit still holds for failures").isEqualTo("429 rate-limited");
        });
    }

    private Map<String, String> allowingThreeFailures() {
        Map<String, String> environment = new HashMap<>(issuer.environment());
        environment.put("FIRSTCOME_TOKEN_FAILURES_PER_MINUTE", "3");
        return environment;
    }

    @Test
    void shouldNotCountRequestsWithoutAToken() {
        // given
        Map<String, String> environment = new HashMap<>(issuer.environment());
        environment.put("FIRSTCOME_TOKEN_FAILURES_PER_MINUTE", "1");

        // then
        withServer(environment, server -> {
            for (int i = 0; i < 5; i++) {
                assertThat(server.get("/v1/users/u1").status()).isEqualTo(401);
                assertThat(server.get("/v1/users/u1", "Authorization", "Basic dTp1").status()).isEqualTo(401);
            }
            assertThat(server.get("/v1/users/u1", bearer("u1")).status()).isEqualTo(200);
        });
    }

    @Test
    void shouldAnswer503WhileTheKeysAreUnknown() {
        // given
        issuer.setDown(true);
        withServer(issuer.environment(), server -> {

            // when
            Reply refused = server.get("/v1/users/u1", bearer("u1"));

            // then
            assertThat(refused.problem()).isEqualTo("503 unavailable");
            assertThat(refused.header("Retry-After")).isEqualTo("1");
        });
    }

    @Test
    void shouldFetchTheKeysWithoutAReadinessCheck() {
        // given
        issuer.setDown(true);

        // then
        withServer(issuer.environment(), server -> await().until(() -> issuer.fetchCount() > 1));
    }

    @Test
    void shouldReportWeakSettings() {
        // given
        Map<String, String> strict = new HashMap<>(issuer.environment());
        strict.put("FIRSTCOME_JWKS", "https://issuer.test/keys");
        Map<String, String> lax = Map.of("FIRSTCOME_AUTH", "jwt", "FIRSTCOME_JWKS", "http://issuer.test/keys");

        // when
        List<String> ofStrict = IdentitySettings.from(strict).weaknesses();
        List<String> ofLax = IdentitySettings.from(lax).weaknesses();

        // then
        assertThat(ofStrict).isEmpty();
        assertThat(ofLax).extracting(it -> it.replaceFirst(" .*", ""))
                .containsExactly("FIRSTCOME_JWT_ISSUER", "FIRSTCOME_JWT_AUDIENCE", "FIRSTCOME_JWKS");
    }

    @Test
    void shouldFailWithoutAnIdentity() {
        try (TestServer server = TestServer.with(routes -> routes.get("/v1/users/{userId}",
                context -> Identity.of(context).requireMayActFor(Requests.userId(context))))) {
            // when
            Reply failed = server.get("/v1/users/u1");

            // then
            assertThat(failed.status()).isEqualTo(500);
        }
    }

    private String[] bearer(String user) {
        return new String[]{"Authorization", "Bearer " + token(key, user)};
    }

    private static void withServer(Map<String, String> environment, Consumer<TestServer> test) {
        var metrics = new Metrics("test");
        var address = new ClientAddress(ProtectionSettings.from(Map.of("FIRSTCOME_TRUSTED_PROXIES", "127.0.0.1")));
        try (var authentication = new Authentication(IdentitySettings.from(environment), address, metrics.registry());
                var server = TestServer.with(metrics, routes -> {
                    authentication.addTo(routes);
                    routes.get("/v1/users/{userId}",
                            context -> Identity.of(context).requireMayActFor(Requests.userId(context)));
                })) {
            test.accept(server);
        }
    }
}

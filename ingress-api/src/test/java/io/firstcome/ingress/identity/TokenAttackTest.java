package io.firstcome.ingress.identity;

import static io.firstcome.ingress.testing.TokenIssuer.claims;
import static io.firstcome.ingress.testing.TokenIssuer.in;
import static io.firstcome.ingress.testing.TokenIssuer.token;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import com.nimbusds.jose.EncryptionMethod;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWEAlgorithm;
import com.nimbusds.jose.JWEHeader;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSAEncrypter;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.EncryptedJWT;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;

import io.firstcome.ingress.limits.ClientAddress;
import io.firstcome.ingress.limits.ProtectionSettings;
import io.firstcome.ingress.testing.Reply;
import io.firstcome.ingress.testing.TestServer;
import io.firstcome.ingress.testing.TokenIssuer;
import io.firstcome.kit.metrics.Metrics;

class TokenAttackTest {

    private static final RSAKey RSA = TokenIssuer.rsaKey("rsa");
    private static final ECKey EC = TokenIssuer.ecKey("ec");

    private static TokenIssuer issuer;
    private static TokenIssuer attacker;
    private static Authentication authentication;
    private static TestServer server;

    @BeforeAll
    static void start() {
        attacker = new TokenIssuer();
        issuer = new TokenIssuer();
        issuer.publish(RSA);
        issuer.publish(EC);
        Map<String, String> environment = new HashMap<>(issuer.environment());
        environment.put("FIRSTCOME_TOKEN_FAILURES_PER_MINUTE", "1000000");
        var metrics = new Metrics("test");
        authentication = new Authentication(IdentitySettings.from(environment),
                new ClientAddress(ProtectionSettings.from(Map.of())), metrics.registry());
        server = TestServer.with(metrics, routes -> {
            authentication.addTo(routes);
            routes.get("/v1/me", context -> context.result(Identity.of(context).user().orElseThrow().value()));
        });
    }

    @AfterAll
    static void stop() {
        server.close();
        authentication.close();
        issuer.close();
        attacker.close();
    }

    static Stream<Arguments> goodTokens() {
        return Stream.of(Arguments.of("RSA", token(RSA, "u1")), Arguments.of("elliptic curve", token(EC, "u1")),
                Arguments.of("type at+jwt", token(RSA, JWSAlgorithm.RS256, claims("u1"),
                        header -> header.type(new JOSEObjectType("at+jwt")))),
                Arguments.of("no type",
                        token(RSA, JWSAlgorithm.RS256, claims("u1"), header -> header.type(null))),
                Arguments.of("no key id",
                        token(RSA, JWSAlgorithm.RS256, claims("u1"), header -> header.keyID(null))),
                Arguments.of("several audiences",
                        token(RSA, claims("u1").audience(List.of("others", TokenIssuer.AUDIENCE)))),
                Arguments.of("expired within the clock skew", token(RSA, claims("u1").expirationTime(in(-20)))),
                Arguments.of("not valid yet, within the clock skew", token(RSA, claims("u1").notBeforeTime(in(20)))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("goodTokens")
    void shouldAcceptAValidToken(String name, String token) {
        // when
        Reply reply = server.get("/v1/me", "Authorization", "Bearer " + token);

        // then
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.text()).isEqualTo("u1");
    }

    static Stream<Arguments> badTokens() throws Exception {
        String good = token(RSA, "u1");
        return Stream.of(
                Arguments.of("unsigned", new PlainJWT(claims("u1").build()).serialize()),
                Arguments.of("signature cut off", good.substring(0, good.lastIndexOf('.') + 1)),
                Arguments.of("signed with the public key as a secret",
                        hmac(RSA.toRSAPublicKey().getEncoded())),
                Arguments.of("signed with the key set as a secret",
                        hmac(issuer.keySet().getBytes(StandardCharsets.UTF_8))),
                Arguments.of("an algorithm that is not configured",
                        token(RSA, JWSAlgorithm.PS256, claims("u1"), header -> {})),
                Arguments.of("another key with the same id", token(TokenIssuer.rsaKey("rsa"), "u1")),
                Arguments.of("a key with an unknown id", token(TokenIssuer.rsaKey("unknown"), "u1")),
                Arguments.of("a key of another type with the same id", token(TokenIssuer.ecKey("rsa"), "u1")),
                Arguments.of("key in the header", bringsKey()),
                Arguments.of("key address in the header", namesKeyAddress()),
                Arguments.of("critical extension", token(RSA, JWSAlgorithm.RS256, claims("u1"),
                        header -> header.criticalParams(Set.of("x-strange")).customParam("x-strange", 1))),
                Arguments.of("another type", token(RSA, JWSAlgorithm.RS256, claims("u1"),
                        header -> header.type(new JOSEObjectType("logout+jwt")))),
                Arguments.of("tampered", tampered(good)),
                Arguments.of("encrypted", encrypted()),
                Arguments.of("expired", token(RSA, claims("u1").expirationTime(in(-120)))),
                Arguments.of("never expires", token(RSA, claims("u1").expirationTime(null))),
                Arguments.of("not valid yet", token(RSA, claims("u1").notBeforeTime(in(120)))),
                Arguments.of("another issuer", token(RSA, claims("u1").issuer("https://attacker.test"))),
                Arguments.of("no issuer", token(RSA, claims("u1").issuer(null))),
                Arguments.of("another audience", token(RSA, claims("u1").audience("others"))),
                Arguments.of("no audience", token(RSA, claims("u1").audience((String) null))),
                Arguments.of("no user", token(RSA, claims(null))),
                Arguments.of("an invalid user id", token(RSA, claims("a b"))),
                Arguments.of("too long a user id", token(RSA, claims("u".repeat(129)))),
                Arguments.of("a list as the user id", token(RSA, claims(null).claim("sub", List.of("u1")))),
                Arguments.of("very long", token(RSA, claims("u1").claim("more", "x".repeat(4000)))),
                Arguments.of("no token", "x"), Arguments.of("three empty parts", ".."),
                Arguments.of("no base64", "a.b.c"), Arguments.of("nothing", ""),
                Arguments.of("two values", "x " + good));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("badTokens")
    void shouldRefuseAnInvalidToken(String name, String token) {
        assertRefused(server.get("/v1/me", "Authorization", "Bearer " + token));
        assertThat(attacker.fetchCount()).as("requests to the address in the token").isZero();
    }

    @Test
    void shouldNotNameAnErrorWithoutAToken() {
        // when
        Reply refused = server.get("/v1/me");

        // then
        assertThat(refused.problem()).isEqualTo("401 unauthenticated");
        assertThat(refused.header("WWW-Authenticate")).isEqualTo("Bearer realm=\"firstcome\"");
    }

    @Test
    void shouldReadTheTokenOnlyFromAuthorization() {
        // given
        String token = token(RSA, "u1");

        // then
        assertThat(server.get("/v1/me?access_token=" + token).status()).isEqualTo(401);
        assertThat(server.get("/v1/me", "Cookie", "access_token=" + token).status()).isEqualTo(401);
        assertRefused(server.get("/v1/me", "Authorization", "Basic " + token));
        assertRefused(server.get("/v1/me", "Authorization", token));
    }

    @Test
    void shouldRefuseTwoTokens() {
        assertRefused(server.get("/v1/me", "Authorization", "Bearer " + token(RSA, "u1"), "Authorization",
                "Bearer " + token(RSA, "u2")));
        assertRefused(server.get("/v1/me", "Authorization", "Bearer " + token(RSA, "u1"), "Authorization",
                "Basic dTp1"));
    }

    @Test
    void shouldRefuseARandomlyChangedToken() {
        // given
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        String good = token(EC, "u1");

        // when
        List<String> accepted = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            var changed = new StringBuilder(good);
            int at = random.nextInt(good.lastIndexOf('.'));
            changed.setCharAt(at, (char) (good.charAt(at) == '~' ? '!' : 33 + random.nextInt(94)));
            if (!changed.toString().equals(good)
                    && server.get("/v1/me", "Authorization", "Bearer " + changed).status() != 401) {
                accepted.add(changed.toString());
            }
        }

        // then
        assertThat(accepted).isEmpty();
    }

    private static void assertRefused(Reply refused) {
        assertThat(refused.problem()).isEqualTo("401 unauthenticated");
        assertThat(refused.header("WWW-Authenticate")).isEqualTo("Bearer realm=\"firstcome\", error=\"invalid_token\"");
        assertThat(refused.get("detail")).isEqualTo("Send a valid token as Authorization: Bearer …");
    }

    private static String hmac(byte[] secret) throws JOSEException {
        var token = new SignedJWT(new JWSHeader.Builder(JWSAlgorithm.HS256).keyID("rsa").build(), claims("u1").build());
        token.sign(new MACSigner(secret));
        return token.serialize();
    }

    private static String bringsKey() {
        RSAKey own = TokenIssuer.rsaKey("rsa");
        return token(own, JWSAlgorithm.RS256, claims("u1"), header -> header.jwk(own.toPublicJWK()));
    }

    private static String namesKeyAddress() {
        RSAKey own = attacker.publish(TokenIssuer.rsaKey("attacker"));
        return token(own, JWSAlgorithm.RS256, claims("u1"),
                header -> header.jwkURL(URI.create(attacker.keySetUrl()))
                        .x509CertURL(URI.create(attacker.keySetUrl())));
    }

    private static String tampered(String good) {
        String[] parts = good.split("\\.");
        String payload = new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8);
        String other = payload.replace("u1", "u2");
        assertThat(other).isNotEqualTo(payload);
        return parts[0] + "." + Base64.getUrlEncoder().withoutPadding()
                .encodeToString(other.getBytes(StandardCharsets.UTF_8)) + "." + parts[2];
    }

    private static String encrypted() throws JOSEException {
        JWTClaimsSet claims = claims("u1").build();
        var token = new EncryptedJWT(
                new JWEHeader.Builder(JWEAlgorithm.RSA_OAEP_256, EncryptionMethod.A128GCM).keyID("rsa").build(),
                claims);
        token.encrypt(new RSAEncrypter(RSA.toRSAPublicKey()));
        return token.serialize();
    }
}

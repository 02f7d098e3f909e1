package io.firstcome.ingress.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

/** An issuer whose tokens an ingress accepts: keys, a server for the public key set, and signed tokens. */
public final class TokenIssuer implements AutoCloseable {

    public static final String ISSUER = "https://issuer.test";
    public static final String AUDIENCE = "firstcome";

    private final List<JWK> published = new ArrayList<>();
    private final AtomicInteger fetches = new AtomicInteger();
    private final HttpServer server;
    private volatile boolean down;

    public TokenIssuer() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/keys", this::answer);
        server.start();
    }

    private void answer(HttpExchange exchange) throws IOException {
        fetches.incrementAndGet();
        byte[] body = keySet().getBytes(StandardCharsets.UTF_8);
        try (exchange) {
            exchange.sendResponseHeaders(down ? 503 : 200, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    public String keySetUrl() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/keys";
    }

    public synchronized String keySet() {
        return new JWKSet(published).toPublicJWKSet().toString();
    }

    /** The settings of an ingress that accepts the issuer's tokens. */
    public Map<String, String> environment() {
        return Map.of("FIRSTCOME_AUTH", "jwt", "FIRSTCOME_JWKS", keySetUrl(), "FIRSTCOME_JWT_ISSUER", ISSUER,
                "FIRSTCOME_JWT_AUDIENCE", AUDIENCE);
    }

    public int fetchCount() {
        return fetches.get();
    }

    public void setDown(boolean down) {
        this.down = down;
    }

    /** Replaces all published keys by this one. */
    public synchronized <K extends JWK> K rotateTo(K key) {
        published.clear();
        return publish(key);
    }

    public synchronized <K extends JWK> K publish(K key) {
        published.add(key);
        return key;
    }

    public static RSAKey rsaKey(String id) {
        try {
            return new RSAKeyGenerator(2048).keyID(id).generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    public static ECKey ecKey(String id) {
        try {
            return new ECKeyGenerator(Curve.P_256).keyID(id).generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Valid claims of a user. */
    public static JWTClaimsSet.Builder claims(String user) {
        return new JWTClaimsSet.Builder().subject(user).issuer(ISSUER).audience(AUDIENCE).expirationTime(in(300));
    }

    public static Date in(long seconds) {
        return Date.from(Instant.now().plusSeconds(seconds));
    }

    public static String token(JWK key, String user) {
        return token(key, claims(user));
    }

    public static String token(JWK key, JWTClaimsSet.Builder claims) {
        return token(key, key instanceof RSAKey ? JWSAlgorithm.RS256 : JWSAlgorithm.ES256, claims, header -> {});
    }

    public static String token(JWK key, JWSAlgorithm algorithm, JWTClaimsSet.Builder claims,
            Consumer<JWSHeader.Builder> more) {
        JWSHeader.Builder header = new JWSHeader.Builder(algorithm).keyID(key.getKeyID()).type(JOSEObjectType.JWT);
        more.accept(header);
        var token = new SignedJWT(header.build(), claims.build());
        try {
            token.sign(key instanceof RSAKey rsa ? new RSASSASigner(rsa) : new ECDSASigner(key.toECKey()));
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
        return token.serialize();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}

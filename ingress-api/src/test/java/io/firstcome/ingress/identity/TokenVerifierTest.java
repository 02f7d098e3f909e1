package io.firstcome.ingress.identity;

import static io.firstcome.ingress.testing.TokenIssuer.claims;
import static io.firstcome.ingress.testing.TokenIssuer.in;
import static io.firstcome.ingress.testing.TokenIssuer.token;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import com.github.benmanes.caffeine.cache.Ticker;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.factories.DefaultJWSVerifierFactory;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.SignedJWT;

import io.firstcome.ingress.testing.SetClock;
import io.firstcome.ingress.testing.TokenIssuer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

class TokenVerifierTest {

    private final SetClock clock = new SetClock();
    private final TokenIssuer issuer = new TokenIssuer();
    private final ECKey key = issuer.publish(TokenIssuer.ecKey("first"));
    private final IdentitySettings settings = IdentitySettings.from(issuer.environment());
    private final TokenKeys keys = new TokenKeys(URI.create(issuer.keySetUrl()), Duration.ofMillis(200),
            new SimpleMeterRegistry());
    private final TokenVerifier verifier = new TokenVerifier(settings, keys, clock::getAsLong);

    @AfterEach
    void stop() {
        keys.close();
        issuer.close();
    }

    @Test
    void shouldRememberAVerifiedTokenForAMinute() {
        // given
        String token = token(key, claims("u1").expirationTime(in(300)));
        assertThat(isValid(token)).isTrue();
        withdrawKey();

        // when
        clock.advance(Duration.ofSeconds(59));
        boolean withinAMinute = isValid(token);
        clock.advance(Duration.ofSeconds(1));

        // then
        assertThat(withinAMinute).as("without a signature check").isTrue();
        assertThat(isValid(token)).as("the key is withdrawn").isFalse();
    }

    @Test
    void shouldNotRememberATokenBeyondItsExpiry() {
        // given
        String token = token(key, claims("u1").expirationTime(in(20)));
        String expired = token(key, claims("u1").expirationTime(in(-20)));
        assertThat(isValid(token)).isTrue();
        assertThat(isValid(expired)).as("within the clock skew").isTrue();
        withdrawKey();

        // when
        boolean before = isValid(token);
        clock.advance(Duration.ofSeconds(20));

        // then
        assertThat(before).isTrue();
        assertThat(isValid(token)).isFalse();
        assertThat(isValid(expired)).isFalse();
    }

    @Test
    void shouldNotTakeAnotherTokenForARememberedOne() {
        // given
        String token = token(key, "u1");
        assertThat(isValid(token)).isTrue();

        // when
        boolean forged = isValid(token.substring(0, token.lastIndexOf('.')) + ".AAAA");

        // then
        assertThat(forged).isFalse();
    }

    @Test
    void shouldBoundConcurrentSignatureChecks() throws JOSEException {
        // given
        var running = new AtomicInteger();
        var mayEnd = new Semaphore(0);
        var slow = new DefaultJWSVerifierFactory() {
            @Override
            public JWSVerifier createJWSVerifier(JWSHeader header, java.security.Key publicKey) throws JOSEException {
                return new ECDSAVerifier(key.toECPublicKey()) {
                    @Override
                    public boolean verify(JWSHeader head, byte[] signed, Base64URL signature) throws JOSEException {
                        running.incrementAndGet();
                        mayEnd.acquireUninterruptibly();
                        running.decrementAndGet();
                        return super.verify(head, signed, signature);
                    }
                };
            }
        };
        var bounded = new BoundedSignatureChecks(slow, new Semaphore(2, true));
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {

            // when
            List<CompletableFuture<Boolean>> checks = Stream.generate(() -> CompletableFuture
                    .supplyAsync(() -> isSignatureRight(bounded, token(key, "u1")), threads)).limit(20).toList();
            await().until(() -> running.get() == 2 && bounded.permits().getQueueLength() == 18);
            mayEnd.release(20);

            // then
            assertThat(checks).extracting(CompletableFuture::join).containsOnly(true);
            assertThat(bounded.permits().availablePermits()).isEqualTo(2);
        }
    }

    private boolean isSignatureRight(BoundedSignatureChecks checks, String token) {
        try {
            SignedJWT parsed = SignedJWT.parse(token);
            return parsed.verify(checks.createJWSVerifier(parsed.getHeader(), key.toECPublicKey()));
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private boolean isValid(String token) {
        return verifier.verify(token, () -> false).isPresent();
    }

    /** Returns when the keys have been read again, so that only a remembered token is still valid. */
    private void withdrawKey() {
        issuer.rotateTo(TokenIssuer.ecKey("second"));
        await().until(() -> new TokenVerifier(settings, keys, Ticker.systemTicker())
                .verify(token(key, "probe"), () -> false).isEmpty());
    }
}

package io.firstcome.ingress.identity;

import static io.firstcome.ingress.testing.TokenIssuer.token;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import com.github.benmanes.caffeine.cache.Ticker;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.util.Resource;
import com.nimbusds.jose.util.ResourceRetriever;

import io.firstcome.contract.id.UserId;
import io.firstcome.ingress.testing.TokenIssuer;
import io.firstcome.kit.http.ProblemException;
import io.firstcome.kit.service.StartFailure;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

class TokenKeysTest {

    private final TokenIssuer issuer = new TokenIssuer();
    private final MeterRegistry meters = new SimpleMeterRegistry();
    private final ECKey first = issuer.publish(TokenIssuer.ecKey("first"));

    @AfterEach
    void stop() {
        issuer.close();
    }

    @Test
    void shouldFetchTheKeysOnceForManyTokens() {
        try (TokenKeys keys = fetched()) {
            // when
            for (int i = 0; i < 20; i++) {
                assertKnown(keys, first, "u" + i);
            }
        }

        // then
        assertThat(issuer.fetchCount()).isEqualTo(1);
    }

    @Test
    void shouldFetchANewKeyWhenATokenNamesIt() {
        try (TokenKeys keys = fetched()) {
            // given
            verifier(keys).verify(token(first, "u1"), () -> false);

            // when
            ECKey second = issuer.rotateTo(TokenIssuer.ecKey("second"));

            // then
            assertKnown(keys, second, "u1");
            assertThat(verifier(keys).verify(token(first, "u1"), () -> false)).as("the old key is removed").isEmpty();
        }
    }

    @Test
    void shouldLimitFetchesForUnknownKeys() {
        try (TokenKeys keys = fetched()) {
            // when
            for (int i = 0; i < 50; i++) {
                assertThat(verifier(keys).verify(token(TokenIssuer.ecKey("invented-" + i), "u1"), () -> false))
                        .isEmpty();
            }

            // then
            assertThat(issuer.fetchCount()).isLessThanOrEqualTo(2);
            assertKnown(keys, first, "u1");
        }
    }

    @Test
    void shouldKeepTheKeysWhileTheIssuerIsDown() {
        try (TokenKeys keys = shortLived()) {
            // given
            verifier(keys).verify(token(first, "u1"), () -> false);

            // when
            issuer.setDown(true);
            int before = issuer.fetchCount();
            await().until(() -> issuer.fetchCount() > before + 3);

            // then
            withoutConcurrentFetch(() -> assertKnown(keys, first, "u1"));
            withoutConcurrentFetch(() -> assertUnknown(keys, TokenIssuer.ecKey("unknown")));
            ECKey second = issuer.rotateTo(TokenIssuer.ecKey("second"));
            issuer.setDown(false);
            withoutConcurrentFetch(() -> assertKnown(keys, second, "u1"));
            withoutConcurrentFetch(() -> assertUnknown(keys, first));
        }
    }

    /** Repeats the assertion: a verification during a fetch waits only briefly and then fails with a problem. */
    private static void withoutConcurrentFetch(ThrowingRunnable assertion) {
        await().ignoreException(ProblemException.class).untilAsserted(assertion);
    }

    private void assertUnknown(TokenKeys keys, ECKey key) {
        assertThat(verifier(keys).verify(token(key, "u1"), () -> false)).isEmpty();
    }

    @Test
    void shouldAnswer503WhileNoKeyIsKnown() {
        // given
        issuer.setDown(true);

        // when
        try (TokenKeys keys = shortLived()) {

            // then
            assertThat(keys.read()).isFalse();
            for (int i = 0; i < 5; i++) {
                assertThatThrownBy(() -> verifier(keys).verify(token(first, "u1"), () -> false))
                        .isInstanceOfSatisfying(ProblemException.class,
                                refused -> assertThat(refused.problem().status()).isEqualTo(503));
            }
            issuer.setDown(false);
            await().until(keys::read);
            assertKnown(keys, first, "u1");
        }
    }

    @Test
    void shouldFetchInTheBackgroundUntilTheKeysAreKnown() {
        // given
        issuer.setDown(true);

        try (TokenKeys keys = shortLived()) {
            // when
            keys.readUntilKnown();
            await().until(() -> issuer.fetchCount() > 1);
            boolean knownBefore = keys.areKnown();
            issuer.setDown(false);

            // then
            await().until(keys::areKnown);
            assertThat(knownBefore).isFalse();
        }
    }

    @Test
    void shouldReadAgainAfterAnException() {
        // given
        var attempts = new AtomicInteger();
        ResourceRetriever failingOnce = _ -> {
            if (attempts.getAndIncrement() == 0) {
                throw new IllegalStateException("thrown by the test");
            }
            return new Resource(issuer.keySet(), "application/json");
        };

        try (TokenKeys keys = keys(failingOnce)) {
            // when
            keys.readUntilKnown();

            // then
            await().until(keys::areKnown);
            assertThat(keys.problem()).isEmpty();
        }
    }

    @Test
    void shouldReportAnErrorThatEndsTheReading() {
        try (TokenKeys keys = keys(_ -> {
            throw new LinkageError("thrown by the test");
        })) {
            // when
            keys.readUntilKnown();

            // then
            await().until(() -> keys.problem().isPresent());
            assertThat(keys.problem().get()).contains("LinkageError");
        }
    }

    @Test
    void shouldNotFetchAfterTheClose() {
        // given
        issuer.setDown(true);
        TokenKeys keys = shortLived();
        keys.readUntilKnown();
        await().until(() -> issuer.fetchCount() > 0);

        // when
        keys.close();

        // then
        int before = issuer.fetchCount();
        await().during(Duration.ofSeconds(3)).until(() -> issuer.fetchCount() <= before + 1);
    }

    @Test
    void shouldReadTheFileAgainForAnUnknownKey(@TempDir Path folder) throws IOException {
        // given
        Path file = Files.writeString(folder.resolve("keys.json"), issuer.keySet());

        try (TokenKeys keys = TokenKeys.from(settings(file.toString()).keys().orElseThrow(), meters)) {
            verifier(keys).verify(token(first, "u1"), () -> false);

            // when
            ECKey second = issuer.rotateTo(TokenIssuer.ecKey("second"));
            Files.writeString(file, issuer.keySet());

            // then
            assertKnown(keys, second, "u1");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{}", "no keys"})
    void shouldNotStartWithAFileWithoutKeys(String content, @TempDir Path folder) throws IOException {
        // given
        URI file = Files.writeString(folder.resolve("keys.json"), content).toUri();

        // when
        Throwable failure = catchThrowable(() -> TokenKeys.from(file, meters));

        // then
        assertThat(failure).isInstanceOf(StartFailure.class)
                .hasMessageContaining("FIRSTCOME_JWKS").hasMessageContaining("keys.json");
    }

    private TokenKeys fetched() {
        return TokenKeys.from(URI.create(issuer.keySetUrl()), meters);
    }

    private TokenKeys keys(ResourceRetriever retriever) {
        return new TokenKeys(URI.create("https://issuer.example/keys"), Duration.ofMinutes(5), retriever, meters);
    }

    private TokenKeys shortLived() {
        return new TokenKeys(URI.create(issuer.keySetUrl()), Duration.ofSeconds(1), meters);
    }

    private void assertKnown(TokenKeys keys, ECKey key, String user) {
        assertThat(verifier(keys).verify(token(key, user), () -> false)).map(Identity::user)
                .contains(Optional.of(new UserId(user)));
    }

    private TokenVerifier verifier(TokenKeys keys) {
        return new TokenVerifier(settings(issuer.keySetUrl()), keys, Ticker.systemTicker());
    }

    private static IdentitySettings settings(String keys) {
        return IdentitySettings.from(Map.of("FIRSTCOME_AUTH", "jwt", "FIRSTCOME_JWKS", keys));
    }
}

package io.firstcome.ingress.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.HashMap;
import java.util.Map;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.firstcome.ingress.limits.ClientAddress;
import io.firstcome.ingress.limits.ProtectionSettings;
import io.firstcome.ingress.testing.TokenIssuer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

class TokenRehearsalTest {

    private final TokenIssuer issuer = new TokenIssuer();

    @AfterEach
    void stop() {
        issuer.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"RS256", "PS512", "ES256", "ES512", "RS256,ES256"})
    void shouldVerifyValidAndWrongTokensOfEachAlgorithm(String algorithms) {
        // given
        var rehearsal = new TokenRehearsal(settings(algorithms));

        // when
        rehearsal.start();

        // then
        await().until(rehearsal::isOver);
        int perRound = algorithms.split(",").length;
        int rounds = rehearsal.accepted() / perRound;
        assertThat(rounds).isPositive();
        assertThat(rehearsal.accepted()).isEqualTo(rounds * perRound);
        assertThat(rehearsal.refused()).as("a wrong signature for each algorithm, and a malformed token")
                .isEqualTo(rounds * (perRound + 1));
        assertThat(issuer.fetchCount()).isZero();
    }

    @Test
    void shouldBeReadyOnceTheVerificationHasRun() {
        // given
        issuer.publish(TokenIssuer.ecKey("first"));
        var rehearsal = new TokenRehearsal(settings("ES256"));
        var authentication = new TokenAuthentication(settings("ES256"), rehearsal,
                new ClientAddress(ProtectionSettings.from(Map.of())), new SimpleMeterRegistry());
        try (authentication) {
            await().until(() -> issuer.fetchCount() > 0);
            boolean isReadyBefore = authentication.isReady();

            // when
            rehearsal.start();

            // then
            await().until(authentication::isReady);
            assertThat(isReadyBefore).isFalse();
            assertThat(rehearsal.accepted()).isPositive();
        }
    }

    private IdentitySettings settings(String algorithms) {
        Map<String, String> environment = new HashMap<>(issuer.environment());
        environment.put("FIRSTCOME_JWT_ALGORITHMS", algorithms);
        return IdentitySettings.from(environment);
    }
}

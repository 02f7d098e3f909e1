package io.firstcome.ingress.identity;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.firstcome.ingress.http.BearerToken;
import io.firstcome.ingress.limits.ClientAddress;
import io.firstcome.ingress.limits.FailedAttempts;
import io.firstcome.kit.http.ProblemException;
import io.javalin.http.Context;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/** Takes a user at their token's word, and nobody else's, as RFC 6750 has it. */
final class TokenAuthentication implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(TokenAuthentication.class);

    private final TokenKeys keys;
    private final TokenVerifier verifier;
    private final FailedAttempts failures;
    private final Counter refused;

    TokenAuthentication(IdentitySettings settings, ClientAddress address, MeterRegistry meters) {
        if (!settings.weaknesses().isEmpty()) {
            LOG.warn("tokens are taken that should perhaps not be; {}", String.join("; ", settings.weaknesses()));
        }
        keys = TokenKeys.from(settings.keys().orElseThrow());
        keys.readUntilKnown();
        verifier = new TokenVerifier(settings, keys);
        failures = new FailedAttempts("failed-tokens", settings.failuresPerMinute(), address, meters);
        refused = meters.counter("firstcome.tokens.rejected");
    }

    boolean isReady() {
        return keys.areKnown();
    }

    /**
     * Who sends no token guesses nothing, and uses up nobody's allowance.
     *
     * @throws ProblemException 401, 429 or 503
     */
    Identity identityOf(Context context) {
        return BearerToken.in(context).flatMap(token -> failures.attempt(context, () -> verifier.identityOf(token)))
                .orElseThrow(() -> refusal(context));
    }

    private ProblemException refusal(Context context) {
        refused.increment();
        boolean sent = context.header("Authorization") != null;
        context.header("WWW-Authenticate", "Bearer realm=\"firstcome\"" + (sent ? ", error=\"invalid_token\"" : ""));
        return new ProblemException(IdentityProblems.unauthenticated());
    }

    @Override
    public void close() {
        keys.close();
    }
}

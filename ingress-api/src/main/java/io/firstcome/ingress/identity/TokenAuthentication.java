package io.firstcome.ingress.identity;

import java.net.InetAddress;
import java.util.Optional;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import com.github.benmanes.caffeine.cache.Ticker;

import io.firstcome.ingress.http.BearerToken;
import io.firstcome.ingress.limits.ClientAddress;
import io.firstcome.ingress.limits.RateLimit;
import io.firstcome.kit.http.Problem;
import io.firstcome.kit.http.ProblemException;
import io.firstcome.kit.http.ProblemType;
import io.firstcome.kit.metrics.Meters;
import io.javalin.http.Context;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/** Authenticates users by the bearer token of RFC 6750. */
final class TokenAuthentication implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(TokenAuthentication.class);

    private final TokenKeys keys;
    private final TokenVerifier verifier;
    private final ClientAddress address;
    private final RateLimit<InetAddress> failures;
    private final Counter rejections;

    TokenAuthentication(IdentitySettings settings, ClientAddress address, MeterRegistry meters) {
        if (!settings.weaknesses().isEmpty()) {
            LOG.warn("the token settings may accept unwanted tokens: {}", String.join("; ", settings.weaknesses()));
        }
        keys = TokenKeys.from(settings.keys().orElseThrow(), meters);
        keys.readUntilKnown();
        verifier = new TokenVerifier(settings, keys, Ticker.systemTicker());
        this.address = address;
        failures = RateLimit.perMinute("failed-tokens", settings.failuresPerMinute(), System::nanoTime,
                meters);
        rejections = Meters.TOKENS_REJECTED.register(meters);
    }

    boolean isReady() {
        return keys.areKnown();
    }

    Optional<String> problem() {
        return keys.problem();
    }

    /**
     * The identity of the caller. Only a failed token counts, after it has failed: a valid token passes no matter what
     * others send from the same address. A request without a token does not count.
     *
     * @throws ProblemException 401, 429 or 503
     */
    Identity identify(Context context) {
        Optional<String> token = BearerToken.of(context);
        if (token.isPresent()) {
            InetAddress network = address.network(context);
            Optional<Identity> identity = verifier.verify(token.get(), () -> failures.isExceeded(network));
            if (identity.isPresent()) {
                return identity.get();
            }
            failures.countFailure(context, network);
        }
        rejections.increment();
        boolean sent = context.header("Authorization") != null;
        context.header("WWW-Authenticate", "Bearer realm=\"firstcome\"" + (sent ? ", error=\"invalid_token\"" : ""));
        throw new ProblemException(Problem.of(ProblemType.UNAUTHENTICATED));
    }

    @Override
    public void close() {
        keys.close();
    }
}

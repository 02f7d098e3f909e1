package io.firstcome.ingress.identity;

import java.util.Optional;

import io.firstcome.ingress.limits.ClientAddress;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.micrometer.core.instrument.MeterRegistry;

/** Authenticates callers: trusted back ends without a proof, or users by their tokens. */
public final class Authentication implements AutoCloseable {

    private final Optional<TokenAuthentication> tokens;

    /**
     * Authenticates as the settings say.
     *
     * @throws io.firstcome.kit.service.StartFailure when the keys of the tokens come from a file that contains no keys
     */
    public Authentication(IdentitySettings settings, ClientAddress address, MeterRegistry meters) {
        tokens = settings.callersAreUsers()
                ? Optional.of(new TokenAuthentication(settings, address, meters))
                : Optional.empty();
    }

    /** Makes {@link Identity#of} available in all handlers of the API. */
    public void addTo(RoutesConfig routes) {
        routes.before("/v1/*", context -> context.attribute(Authentication.class.getName(), this));
    }

    /** Whether tokens can be verified. */
    public boolean isReady() {
        return tokens.map(TokenAuthentication::isReady).orElse(true);
    }

    /** Why tokens can never be verified; empty while they can, or will. For liveness. */
    public Optional<String> problem() {
        return tokens.flatMap(TokenAuthentication::problem);
    }

    Identity identify(Context context) {
        return tokens.map(it -> it.identify(context)).orElse(Identity.TRUSTED);
    }

    @Override
    public void close() {
        tokens.ifPresent(TokenAuthentication::close);
    }
}

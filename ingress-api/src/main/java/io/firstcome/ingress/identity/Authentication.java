package io.firstcome.ingress.identity;

import java.util.Optional;

import io.firstcome.ingress.limits.ClientAddress;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.micrometer.core.instrument.MeterRegistry;

/** How callers prove who they are: not at all, where they are trusted back ends, or by a token of their user's. */
public final class Authentication implements AutoCloseable {

    private final Optional<TokenAuthentication> tokens;

    /**
     * What the settings ask for.
     *
     * @throws io.firstcome.kit.service.StartFailure when the tokens' keys are to come from a file that holds none
     */
    public Authentication(IdentitySettings settings, ClientAddress address, MeterRegistry meters) {
        tokens = settings.callersAreUsers()
                ? Optional.of(new TokenAuthentication(settings, address, meters))
                : Optional.empty();
    }

    /** Lets {@link Identity#of} answer in all handlers of the API. */
    public void addTo(RoutesConfig routes) {
        routes.before("/v1/*", context -> context.attribute(Authentication.class.getName(), this));
    }

    /** Whether it is known by now what a valid token looks like. */
    public boolean isReady() {
        return tokens.map(TokenAuthentication::isReady).orElse(true);
    }

    Identity identify(Context context) {
        return tokens.map(it -> it.identityOf(context)).orElse(Identity.TRUSTED);
    }

    @Override
    public void close() {
        tokens.ifPresent(TokenAuthentication::close);
    }
}

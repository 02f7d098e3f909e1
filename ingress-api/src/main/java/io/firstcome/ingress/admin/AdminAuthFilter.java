package io.firstcome.ingress.admin;

import java.util.Optional;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

import io.firstcome.ingress.http.BearerToken;
import io.firstcome.ingress.limits.ClientAddress;
import io.firstcome.ingress.limits.FailedAttempts;
import io.firstcome.kit.http.Problem;
import io.firstcome.kit.http.ProblemException;
import io.firstcome.kit.http.Requests;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;

/** Lets in who knows the token, and writes down who came, what for, and what it came to. */
public final class AdminAuthFilter {

    private static final Logger LOG = LoggerFactory.getLogger(AdminAuthFilter.class);
    private static final int TOO_MANY_REQUESTS = 429;

    private final AdminToken token;
    private final FailedAttempts failures;
    private final ClientAddress address;

    /** @param failures of those who guess */
    public AdminAuthFilter(AdminToken token, FailedAttempts failures, ClientAddress address) {
        this.token = token;
        this.failures = failures;
        this.address = address;
    }

    void addTo(RoutesConfig routes) {
        routes.before("/v1/*", this::admit);
        routes.after("/v1/*", this::writeDown);
    }

    private void admit(Context context) {
        Optional<String> sent = BearerToken.in(context);
        if (sent.flatMap(it -> failures.attempt(context, () -> sent.filter(token::is))).isEmpty()) {
            context.header("WWW-Authenticate", "Bearer realm=\"firstcome-admin\"");
            throw new ProblemException(Problem.of("unauthorized", 401, "This is for operators.",
                    "Send the admin token as Authorization: Bearer …"));
        }
    }

    /** Of those who went on guessing, or sent no token at all, only the metrics tell: they could fill the log. */
    private void writeDown(Context context) {
        boolean counts = context.statusCode() != TOO_MANY_REQUESTS && BearerToken.in(context).isPresent();
        LOG.atLevel(counts ? Level.INFO : Level.DEBUG).log("request {} from {}: {} {} was answered {}",
                Requests.id(context), address.of(context).getHostAddress(), context.method(), context.path(),
                context.statusCode());
    }
}

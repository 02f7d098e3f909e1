package io.firstcome.ingress.admin;

import java.net.InetAddress;
import java.util.Optional;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

import io.firstcome.ingress.http.BearerToken;
import io.firstcome.ingress.limits.ClientAddress;
import io.firstcome.ingress.limits.RateLimit;
import io.firstcome.kit.http.Problem;
import io.firstcome.kit.http.ProblemException;
import io.firstcome.kit.http.ProblemType;
import io.firstcome.kit.http.Requests;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;

/** Authenticates operators by the admin token and logs their requests with the status of the answer. */
public final class AdminAuthFilter {

    private static final Logger LOG = LoggerFactory.getLogger(AdminAuthFilter.class);
    private static final int OK = 200;
    private static final int TOO_MANY_REQUESTS = 429;

    private final AdminToken token;
    private final RateLimit<InetAddress> failures;
    private final ClientAddress address;

    /** @param failures limits the wrong tokens per address */
    public AdminAuthFilter(AdminToken token, RateLimit<InetAddress> failures, ClientAddress address) {
        this.token = token;
        this.failures = failures;
        this.address = address;
    }

    void addTo(RoutesConfig routes) {
        routes.before("/v1/*", this::authenticate);
        routes.after("/v1/*", this::logRequest);
    }

    /**
     * Compares first, because that is cheap, and counts only failures: wrong tokens from the operators' own address
     * must not lock them out. A guesser therefore learns of a right token beyond the limit too. What protects the token
     * is its length, see {@link AdminToken}.
     */
    private void authenticate(Context context) {
        Optional<String> bearer = BearerToken.of(context);
        if (bearer.isPresent()) {
            if (token.matches(bearer.get())) {
                return;
            }
            failures.countFailure(context, address.network(context));
        }
        context.header("WWW-Authenticate", "Bearer realm=\"firstcome-admin\"");
        throw new ProblemException(Problem.of(ProblemType.UNAUTHORIZED));
    }

    /**
     * Requests without a token or beyond the limit are logged at debug level only: otherwise they could fill the log.
     * So are answered reads, which consoles send again and again and which change nothing. The path stays: of a
     * revocation it names the user, as the line about the command does, and an audit of operators needs both.
     */
    private void logRequest(Context context) {
        boolean isRead = context.method() == HandlerType.GET && context.statusCode() == OK;
        boolean relevant = !isRead && context.statusCode() != TOO_MANY_REQUESTS && BearerToken.of(context).isPresent();
        LOG.atLevel(relevant ? Level.INFO : Level.DEBUG).log("request from {}: {} {} was answered {}",
                address.of(context).getHostAddress(), context.method(), context.path(),
                context.statusCode());
    }
}

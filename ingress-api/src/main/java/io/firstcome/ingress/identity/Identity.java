package io.firstcome.ingress.identity;

import java.time.Instant;
import java.util.Optional;

import io.firstcome.contract.id.UserId;
import io.firstcome.contract.json.ContractViolation;
import io.firstcome.kit.http.Problem;
import io.firstcome.kit.http.ProblemException;
import io.firstcome.kit.http.ProblemType;
import io.javalin.http.Context;

/**
 * The authenticated caller of a request.
 *
 * @param user the user of the token; empty where callers are back ends, which may name any user
 * @param until when the token expires, plus the tolerated clock skew
 */
public record Identity(Optional<UserId> user, Instant until) {

    static final Identity TRUSTED = new Identity(Optional.empty(), Instant.MAX);

    /**
     * The identity of a request's caller.
     *
     * @throws ProblemException 401 where a token is required and not valid, 429 after too many of those, 503 while
     *     tokens cannot be verified
     */
    public static Identity of(Context context) {
        Authentication authentication = context.attribute(Authentication.class.getName());
        if (authentication == null) {
            throw new IllegalStateException("no authentication in front of " + context.path());
        }
        return authentication.identify(context);
    }

    /** Whether the caller may act for a user; {@code null} stands for an unknown user. */
    public boolean mayActFor(UserId other) {
        return user.isEmpty() || user.get().equals(other);
    }

    /** @throws ProblemException 403 when the caller may not act for that user */
    public void requireMayActFor(UserId other) {
        if (!mayActFor(other)) {
            throw new ProblemException(Problem.of(ProblemType.FORBIDDEN));
        }
    }

    /**
     * The user of a request.
     *
     * @param named the user that the request names, or null for the caller
     * @throws ProblemException 403 when the caller may not act for that user
     * @throws ContractViolation when the request names no user and the caller is a back end
     */
    public UserId actingFor(UserId named) {
        UserId subject = named == null ? user.orElseThrow(() -> new ContractViolation("userId", "is missing")) : named;
        requireMayActFor(subject);
        return subject;
    }
}

package io.firstcome.ingress.identity;

import java.time.Instant;
import java.util.Optional;

import io.firstcome.contract.ContractViolation;
import io.firstcome.contract.UserId;
import io.firstcome.kit.http.ProblemException;
import io.javalin.http.Context;

/**
 * Who asks, as far as it is proved.
 *
 * @param user whose token the request carries; empty where callers are back ends, trusted to name any user
 * @param until when that is not proved any longer: the token's end, and by how much clocks may differ
 */
public record Identity(Optional<UserId> user, Instant until) {

    static final Identity TRUSTED = new Identity(Optional.empty(), Instant.MAX);

    /**
     * The identity of a request's caller.
     *
     * @throws ProblemException 401 where a token is needed and there is no valid one, 429 after too many of those, 503
     *         while none can be verified
     */
    public static Identity of(Context context) {
        Authentication authentication = context.attribute(Authentication.class.getName());
        if (authentication == null) {
            throw new IllegalStateException("nothing tells who may ask for " + context.path());
        }
        return authentication.identify(context);
    }

    /** Whether the caller may ask and act for a user; {@code null} is nobody whom a token could prove. */
    public boolean mayActFor(UserId other) {
        return user.isEmpty() || user.get().equals(other);
    }

    /** @throws ProblemException 403 when the caller may not ask and act for that user */
    public void requireRightToActFor(UserId other) {
        if (!mayActFor(other)) {
            throw new ProblemException(IdentityProblems.forbidden());
        }
    }

    /**
     * The user whom a request is about.
     *
     * @param named whom it names, or null for the caller
     * @throws ProblemException 403 when the caller may not act for that user
     * @throws ContractViolation when it names nobody, and the caller may act for anybody
     */
    public UserId actingFor(UserId named) {
        UserId subject = named == null ? user.orElseThrow(() -> new ContractViolation("userId", "is missing")) : named;
        requireRightToActFor(subject);
        return subject;
    }
}

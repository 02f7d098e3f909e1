package io.firstcome.ingress.events;

import java.util.Optional;

import io.firstcome.contract.id.UserId;
import io.firstcome.ingress.identity.Identity;
import io.javalin.http.Context;

/**
 * Selects the events that a subscriber receives. Only this class decides whose outcomes a caller may see.
 *
 * @param user the only user whose outcomes pass; empty for all users
 */
record EventFilter(Optional<UserId> user) {

    /**
     * The filter of a request: the user in the query, or the caller itself where callers are users.
     *
     * @throws io.firstcome.kit.http.ProblemException 403 when the caller may not act for the user in the query
     */
    static EventFilter of(Context context, Identity caller) {
        Optional<UserId> named = Optional.ofNullable(context.queryParam("userId")).map(UserId::new);
        named.ifPresent(caller::requireMayActFor);
        return new EventFilter(named.or(caller::user));
    }
}

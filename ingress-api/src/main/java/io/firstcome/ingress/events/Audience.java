package io.firstcome.ingress.events;

import java.util.Optional;

import io.firstcome.contract.UserId;
import io.firstcome.ingress.identity.Identity;
import io.javalin.http.Context;

/**
 * Whose outcomes a follower may see. This is the one place that decides it.
 *
 * @param only the one user; empty for everybody
 */
record Audience(Optional<UserId> only) {

    /** Whom the query names, if the caller may ask for them; a user who names nobody sees their own. */
    static Audience of(Context context, Identity caller) {
        Optional<UserId> named = Optional.ofNullable(context.queryParam("userId")).map(UserId::new);
        named.ifPresent(caller::requireRightToActFor);
        return new Audience(named.or(caller::user));
    }

    boolean sees(Event event) {
        return only.isEmpty() || event.userId() == null || event.userId().equals(only.get());
    }
}

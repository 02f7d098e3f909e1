package io.firstcome.ingress.events;

import java.util.Optional;

import io.firstcome.contract.UserId;
import io.firstcome.ingress.identity.Identity;
import io.firstcome.readmodel.events.CouponEvent;
import io.javalin.http.Context;

/**
 * Whose outcomes a follower may see. This is the one place that decides it.
 *
 * @param only the one user; empty for everybody
 */
record EventFilter(Optional<UserId> only) {

    /** Whom the query names, if the caller may ask for them; a user who names nobody sees their own. */
    static EventFilter of(Context context, Identity caller) {
        Optional<UserId> named = Optional.ofNullable(context.queryParam("userId")).map(UserId::new);
        named.ifPresent(caller::requireRightToActFor);
        return new EventFilter(named.or(caller::user));
    }

    boolean sees(CouponEvent event) {
        return only.isEmpty() || event.userId() == null || event.userId().equals(only.get());
    }
}

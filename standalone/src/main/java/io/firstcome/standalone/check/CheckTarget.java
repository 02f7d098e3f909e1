package io.firstcome.standalone.check;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

import io.firstcome.contract.id.CouponId;
import io.firstcome.kit.settings.Credentials;
import io.firstcome.sink.database.DatabaseSettings;

/**
 * The running system to check. What is not named is reported as not checked.
 *
 * @param kafka the bootstrap servers
 * @param authorityGroup the application id of the authority, which is its consumer group
 * @param redis the URI of Redis
 * @param database how to reach MySQL
 * @param authority the URL of the authority's queries
 * @param callers the URL of the public API
 * @param userToken the token of a user, where callers are users with tokens
 * @param coupons the coupons to check; all when empty
 * @param timeout how long parts may take to catch up, and how long a difference must last to count as a violation
 */
public record CheckTarget(String kafka, String authorityGroup, Optional<String> redis,
        Optional<DatabaseSettings> database, Optional<URI> authority, Optional<URI> callers,
        Optional<String> userToken, Set<CouponId> coupons, Duration timeout) {

    public CheckTarget {
        coupons = Set.copyOf(coupons);
    }

    /** Contains no passwords and no token. */
    @Override
    public String toString() {
        return "CheckTarget[kafka=" + kafka + ", authorityGroup=" + authorityGroup + ", redis="
                + redis.map(Credentials::hiddenIn) + ", database=" + database + ", authority=" + authority
                + ", callers=" + callers + ", coupons=" + coupons + ", timeout=" + timeout + "]";
    }
}

package io.firstcome.standalone.check;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import io.firstcome.contract.id.CouponId;
import io.firstcome.kit.settings.Credentials;
import io.firstcome.kit.settings.KafkaConnection;
import io.firstcome.sink.database.DatabaseSettings;

/**
 * The running system to check. What is not named is reported as not checked.
 *
 * @param kafka the cluster
 * @param authorityGroup the application id of the authority, which is its consumer group
 * @param redis the URI of Redis
 * @param database how to reach MySQL
 * @param authority the URLs of the queries of the authority's instances
 * @param callers the URL of the public API
 * @param userToken the token of a user, where callers are users with tokens
 * @param coupons the coupons to check; all when empty
 * @param timeout how long parts may take to catch up, and how long a difference must last to count as a violation
 */
public record CheckTarget(KafkaConnection kafka, String authorityGroup, Optional<String> redis,
        Optional<DatabaseSettings> database, Optional<List<URI>> authority, Optional<URI> callers,
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

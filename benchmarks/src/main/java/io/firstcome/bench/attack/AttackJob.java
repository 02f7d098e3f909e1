package io.firstcome.bench.attack;

import java.util.List;

/**
 * One attack.
 *
 * @param url the base address of the system
 * @param connections how many connections the bad caller keeps open
 * @param address the local address of all connections
 * @param users the users of the bad caller, in turn for each connection
 * @param saleCoupon the coupon that the good callers claim
 * @param fullCoupon the coupon whose whole stock is reserved
 */
public record AttackJob(String url, Attack attack, int connections, String address, List<User> users,
        String saleCoupon, String fullCoupon) {

    public AttackJob {
        users = List.copyOf(users);
    }

    /**
     * A user of the bad caller.
     *
     * @param token a bearer token of the user; for {@link Attack#BAD_TOKENS} one that is not valid
     */
    public record User(String userId, String token) {}
}

package io.firstcome.testing;

import java.time.Instant;
import java.util.List;
import java.util.Map;

import io.firstcome.contract.CouponState;
import io.firstcome.contract.id.CouponId;
import redis.clients.jedis.RedisClient;

/** Writes the gate's keys of one coupon to Redis directly. The key names are repeated here so that tests pin them. */
public final class GateData {

    private final RedisClient redis;
    private final String prefix;

    public GateData(RedisClient redis, CouponId couponId) {
        this.redis = redis;
        this.prefix = "fc:{" + couponId + "}:";
    }

    public GateData facts(String log, CouponState state) {
        var definition = state.definition();
        redis.hset(prefix + "facts",
                Map.of("log", log, "version", "" + state.version(), "status", state.status().name(), "opensAt",
                        "" + definition.opensAt().toEpochMilli(), "closesAt", "" + definition.closesAt().toEpochMilli(),
                        "stock", "" + definition.stock(), "issued", "" + state.issued()));
        redis.hset(prefix + "facts", Map.of("revoked", "" + state.revoked(), "perUser", "" + definition.perUser(),
                "reclaim", "" + definition.reclaim()));
        return this;
    }

    public GateData holder(String user, long sequence, Instant issuedAt, String request) {
        redis.hset(prefix + "issued", user, sequence + ":" + issuedAt.toEpochMilli() + ":" + request);
        return this;
    }

    /**
     * Adds the entries of users of whom some hold several coupons, and the marks of revoked sequences.
     *
     * @param entries by user; the entries of each user who holds several coupons are here
     * @param revoked the sequences
     */
    public GateData several(Map<String, List<String>> entries, List<Long> revoked) {
        entries.forEach((user, all) -> redis.hset(prefix + "issued", user, String.join(",", all)));
        revoked.forEach(sequence -> redis.hset(prefix + "issued", "#" + sequence, ""));
        int more = entries.values().stream().mapToInt(all -> all.size() - 1).sum();
        redis.hset(prefix + "issued", "#", more + ":" + revoked.size());
        return this;
    }

    /** Adds arbitrary holders until the hash of the holders has {@code count} fields. */
    public GateData holders(long count) {
        for (long known = redis.hlen(prefix + "issued"); known < count; known++) {
            holder("other-" + known, known + 1, Instant.EPOCH, "other-" + known);
        }
        return this;
    }

    public GateData reservation(String user, String request, Instant until) {
        redis.zadd(prefix + "inflight", until.toEpochMilli(), user);
        redis.hset(prefix + "requests", user, request);
        return this;
    }
}

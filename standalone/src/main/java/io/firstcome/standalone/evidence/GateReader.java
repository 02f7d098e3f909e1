package io.firstcome.standalone.evidence;

import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

import io.firstcome.contract.CouponStatus;
import io.firstcome.contract.id.CouponId;
import io.firstcome.contract.id.UserId;
import io.firstcome.gate.redis.GateEntry;
import io.firstcome.gate.redis.GateKeys;
import io.firstcome.testkit.evidence.GateView;
import redis.clients.jedis.RedisClient;

/** Reads the gate's keys of a coupon directly, without the gate's scripts. */
final class GateReader implements AutoCloseable {

    private final RedisClient redis;

    GateReader(String uri) {
        redis = RedisClient.create(URI.create(uri));
    }

    /** Empty while the gate is cold: it may already have holders, but not the coupon's state. */
    Optional<GateView> view(CouponId coupon) {
        List<String> keys = GateKeys.of(coupon);
        Map<String, String> facts = redis.hgetAll(keys.get(0));
        return facts.containsKey("version")
                ? Optional.of(new GateView(facts(facts), holders(keys.get(1))))
                : Optional.empty();
    }

    private Map<UserId, List<Long>> holders(String key) {
        return redis.hgetAll(key).entrySet().stream().filter(field -> GateEntry.isUser(field.getKey()))
                .collect(Collectors.toMap(field -> new UserId(field.getKey()),
                        field -> GateEntry.parseAll(field.getValue()).stream().map(GateEntry::sequence).toList()));
    }

    private static GateView.Facts facts(Map<String, String> facts) {
        return new GateView.Facts(number(facts, "version"), CouponStatus.valueOf(facts.get("status")),
                number(facts, "stock"), number(facts, "issued"), Instant.ofEpochMilli(number(facts, "opensAt")),
                Instant.ofEpochMilli(number(facts, "closesAt")), number(facts, "revoked"),
                (int) number(facts, "perUser"), Boolean.parseBoolean(facts.get("reclaim")));
    }

    private static long number(Map<String, String> facts, String field) {
        return Long.parseLong(facts.get(field));
    }

    @Override
    public void close() {
        redis.close();
    }
}

package io.firstcome.ingress.projection;

import java.util.List;

import io.firstcome.contract.CouponId;
import io.firstcome.ingress.admission.GateKeys;
import redis.clients.jedis.RedisClient;

/** What hands other than ours may do to a coupon of which u1 and others hold one. */
enum Corruption {
    STATUS_CLOSED, STATUS_REMOVED, ISSUED_RAISED, ISSUED_LOWERED, ISSUED_NO_NUMBER, STOCK_LOWERED, WINDOW_MOVED, VERSION_RAISED, VERSION_LOWERED, LOG_CHANGED, DIGEST_CHANGED, HOLDER_REMOVED, HOLDER_ADDED, HOLDER_CHANGED, HOLDER_EXCHANGED, HOLDER_NO_HOLDING, FACTS_DELETED, HOLDERS_DELETED, BOTH_DELETED, FACTS_A_TEXT, HOLDERS_A_TEXT, FACTS_FOR_EVER, HOLDERS_FOR_EVER;

    void happenTo(RedisClient redis, CouponId coupon) {
        List<String> keys = GateKeys.of(coupon);
        String facts = keys.get(0);
        String holders = keys.get(1);
        switch (this) {
            case STATUS_CLOSED -> redis.hset(facts, "status", "CLOSED");
            case STATUS_REMOVED -> redis.hdel(facts, "status");
            case ISSUED_RAISED -> redis.hincrBy(facts, "issued", 3);
            case ISSUED_LOWERED -> redis.hset(facts, "issued", "1");
            case ISSUED_NO_NUMBER -> redis.hset(facts, "issued", "many");
            case STOCK_LOWERED -> redis.hset(facts, "stock", "1");
            case WINDOW_MOVED -> redis.hset(facts, "closesAt", "1");
            case VERSION_RAISED -> redis.hset(facts, "version", "1000000000000");
            case VERSION_LOWERED -> redis.hset(facts, "version", "0");
            case LOG_CHANGED -> redis.hset(facts, "log", "another");
            case DIGEST_CHANGED -> redis.hset(facts, "digest", "1");
            case HOLDER_REMOVED -> redis.hdel(holders, "u1");
            case HOLDER_ADDED -> redis.hset(holders, "stranger", "2:1767225600000:r9");
            case HOLDER_CHANGED -> redis.hset(holders, "u1", "1:1767225600000:r9");
            case HOLDER_EXCHANGED -> {
                redis.hdel(holders, "u1");
                redis.hset(holders, "stranger", "1:1767225600000:r1");
            }
            case HOLDER_NO_HOLDING -> redis.hset(holders, "u1", "yes");
            case FACTS_DELETED -> redis.del(facts);
            case HOLDERS_DELETED -> redis.del(holders);
            case BOTH_DELETED -> redis.del(facts, holders);
            case FACTS_A_TEXT -> redis.set(facts, "text");
            case HOLDERS_A_TEXT -> redis.set(holders, "text");
            case FACTS_FOR_EVER -> redis.persist(facts);
            case HOLDERS_FOR_EVER -> redis.persist(holders);
        }
    }
}

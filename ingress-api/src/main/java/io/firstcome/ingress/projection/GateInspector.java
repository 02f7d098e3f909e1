package io.firstcome.ingress.projection;

import java.util.List;
import java.util.Map;

import io.firstcome.contract.CouponId;
import io.firstcome.ingress.admission.GateKeys;
import io.firstcome.ingress.admission.LuaScript;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.params.ScanParams;
import redis.clients.jedis.resps.ScanResult;

/** Redis as the sweep sees it: it looks in small steps, and removes what does not belong there. */
final class GateInspector {

    /** Where the reading of holders begins, and what it comes to in the end. */
    static final String START = ScanParams.SCAN_POINTER_START;

    private static final LuaScript LOOK = LuaScript.beside(GateInspector.class, "look.lua");
    /** Redis serves nobody else while it reads them. */
    private static final ScanParams PAGE = new ScanParams().count(1000);

    private final RedisClient redis;
    private final ProjectedLog log;

    GateInspector(RedisClient redis, ProjectedLog log) {
        this.redis = redis;
        this.log = log;
    }

    /** @param latestMillis a time by which every reservation made by now has ended */
    GateContent look(CouponId coupon, long latestMillis) {
        Object reply = LOOK.run(redis, GateKeys.of(coupon), List.of(String.valueOf(latestMillis)));
        return GateContent.of((List<?>) reply, log.id());
    }

    /** About a thousand holders, from a cursor on. */
    ScanResult<Map.Entry<String, String>> holders(CouponId coupon, String cursor) {
        return redis.hscan(GateKeys.of(coupon).get(1), cursor, PAGE);
    }

    /** Removes all that Redis holds of a coupon. The gate is cold for it until it is projected anew. */
    void remove(CouponId coupon) {
        redis.unlink(GateKeys.of(coupon).toArray(String[]::new));
    }

    /** Removes a coupon's reservations: whoever held one may ask again, and the log decides. */
    void removeReservations(CouponId coupon) {
        redis.unlink(GateKeys.of(coupon).subList(2, 4).toArray(String[]::new));
    }
}

package io.firstcome.bench.rival.parts;

import java.net.URI;
import java.time.Duration;
import java.util.List;

import io.firstcome.gate.redis.LuaScript;
import redis.clients.jedis.ConnectionPoolConfig;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.util.JedisURIHelper;

/** Stock and winners of a rival's coupons in Redis. For these rivals Redis decides, so lost keys are lost decisions. */
public final class RedisStock implements AutoCloseable {

    private static final LuaScript TAKE = LuaScript.beside(RedisStock.class, "take.lua");
    private static final int CONNECTIONS = 32;
    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    private final RedisClient redis;
    private final String prefix;

    /** @param prefix the beginning of all keys */
    public RedisStock(URI uri, String prefix) {
        this.redis = client(uri);
        this.prefix = prefix;
    }

    private static RedisClient client(URI uri) {
        var pool = new ConnectionPoolConfig();
        pool.setMaxTotal(CONNECTIONS);
        pool.setMaxIdle(CONNECTIONS);
        pool.setMaxWait(TIMEOUT);
        var connection = DefaultJedisClientConfig.builder(uri).timeoutMillis((int) TIMEOUT.toMillis()).build();
        return RedisClient.builder().hostAndPort(JedisURIHelper.getHostAndPort(uri)).poolConfig(pool)
                .clientConfig(connection).build();
    }

    /** The client, for commands of one rival only. */
    public RedisClient client() {
        return redis;
    }

    /** Creates or changes a coupon. */
    public void define(String couponId, long stock) {
        redis.set(stockKey(couponId), String.valueOf(stock));
    }

    /** Checks stock and user and takes one, as one step. */
    public Reply take(String couponId, String userId) {
        return Reply.valueOf((String) TAKE.run(redis, List.of(stockKey(couponId), winnersKey(couponId)),
                List.of(userId)));
    }

    /** Like {@link #take}; also appends an entry to a list, as part of the same step. */
    public Reply takeAndQueue(String couponId, String userId, String queue, String entry) {
        return Reply.valueOf((String) TAKE.run(redis, List.of(stockKey(couponId), winnersKey(couponId), queue),
                List.of(userId, entry)));
    }

    /** Undoes {@link #take}. */
    public void giveBack(String couponId, String userId) {
        redis.srem(winnersKey(couponId), userId);
    }

    /** The key of the coupon's stock. */
    public String stockKey(String couponId) {
        return prefix + "{" + couponId + "}:stock";
    }

    private String winnersKey(String couponId) {
        return prefix + "{" + couponId + "}:winners";
    }

    @Override
    public void close() {
        redis.close();
    }
}

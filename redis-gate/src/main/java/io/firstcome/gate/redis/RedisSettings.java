package io.firstcome.gate.redis;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import io.firstcome.kit.settings.Setting;
import redis.clients.jedis.ClientSetInfoConfig;
import redis.clients.jedis.ConnectionPoolConfig;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.RedisProtocol;
import redis.clients.jedis.util.JedisURIHelper;

/**
 * Address and limits of the Redis client.
 *
 * @param uri {@code redis://[user:password@]host:port[/database]}, or {@code rediss://} for TLS
 * @param connections how many connections may be used at once
 * @param timeout how long to wait for a connection, and again for each reply
 */
public record RedisSettings(URI uri, int connections, Duration timeout) {

    /** So short that no proxy or firewall drops a connection as idle, and that a lost one is soon replaced. */
    private static final Duration CHECK_INTERVAL = Duration.ofSeconds(1);
    /** A negative duration turns off the eviction of idle connections in Commons Pool. */
    private static final Duration NEVER = Duration.ofMillis(-1);

    private static final Setting<URI> REDIS = new Setting<>("FIRSTCOME_REDIS_URL", "redis://127.0.0.1:6379", "URI",
            "Redis as redis://[user:password@]host:port[/database], rediss:// for TLS.", RedisSettings::redisUri);
    private static final Setting<Integer> CONNECTIONS = Setting.number("FIRSTCOME_REDIS_CONNECTIONS", 2, 1, 64,
            "connections", "How many round trips the gate makes at once; the claims that wait share the next one.");
    private static final Setting<Duration> TIMEOUT = Setting.millis("FIRSTCOME_REDIS_TIMEOUT_MS", 50, 1, 50,
            "How long a claim waits for the gate, from its arrival on, before the log decides.");

    /** All settings, for the documentation. */
    public static final List<Setting<?>> ALL = List.of(REDIS, CONNECTIONS, TIMEOUT);

    /** The settings of an environment. */
    public static RedisSettings from(Map<String, String> environment) {
        return new RedisSettings(REDIS.from(environment), CONNECTIONS.from(environment), TIMEOUT.from(environment));
    }

    /** The same Redis with other limits. */
    public RedisSettings with(int otherConnections, Duration otherTimeout) {
        return new RedisSettings(uri, otherConnections, otherTimeout);
    }

    /**
     * Creates a client. It opens all connections within a second, or when they are first used, and keeps them open: a
     * burst of claims after a quiet time must not wait for connections. A thread checks the idle ones once a second
     * with PING and replaces those that fail.
     */
    public RedisClient client() {
        var pool = new ConnectionPoolConfig();
        pool.setMaxTotal(connections);
        pool.setMaxIdle(connections);
        pool.setMinIdle(connections);
        pool.setMinEvictableIdleDuration(NEVER);
        pool.setTimeBetweenEvictionRuns(CHECK_INTERVAL);
        pool.setMaxWait(timeout);
        return RedisClient.builder().hostAndPort(address()).poolConfig(pool).clientConfig(connection()).build();
    }

    /** The address without credentials, for log lines. */
    public HostAndPort address() {
        return JedisURIHelper.getHostAndPort(uri);
    }

    private DefaultJedisClientConfig connection() {
        return DefaultJedisClientConfig.builder(uri).timeoutMillis((int) timeout.toMillis())
                .protocol(RedisProtocol.RESP2).clientSetInfoConfig(ClientSetInfoConfig.DISABLED)
                .clientName("firstcome-ingress").build();
    }

    private static URI redisUri(String text) {
        URI uri = URI.create(text);
        if (!JedisURIHelper.isValid(uri) || uri.getPort() < 0) {
            throw new IllegalArgumentException("must look like redis://host:port");
        }
        return uri;
    }

    @Override
    public String toString() {
        return "RedisSettings[" + address() + ", connections=" + connections + ", timeout=" + timeout + "]";
    }
}

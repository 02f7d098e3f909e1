package io.firstcome.gate.redis;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import io.firstcome.gate.redis.RedisAddress.Login;
import io.firstcome.gate.redis.RedisNodes.Client;
import io.firstcome.kit.settings.Setting;
import redis.clients.jedis.ClientSetInfoConfig;
import redis.clients.jedis.ConnectionPoolConfig;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.RedisClusterClient;
import redis.clients.jedis.RedisProtocol;
import redis.clients.jedis.RedisSentinelClient;
import redis.clients.jedis.SslOptions;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.providers.ClusterConnectionProvider;
import redis.clients.jedis.providers.PooledConnectionProvider;
import redis.clients.jedis.providers.SentineledConnectionProvider;

/**
 * Address and limits of the Redis client.
 *
 * @param uri one server ({@code redis://}), sentinels ({@code redis-sentinel://}) or a cluster ({@code
 *     redis-cluster://}); with {@code rediss} for TLS, which trusts the JVM's trust store and checks host names
 * @param sentinelLogin the ACL user of the sentinels; empty when they need none
 * @param connections how many connections to each server may be used at once
 * @param timeout how long to wait for a connection, and again for each reply
 */
public record RedisSettings(URI uri, Optional<Login> sentinelLogin, int connections, Duration timeout) {

    /** So short that no proxy or firewall drops a connection as idle, and that a lost one is soon replaced. */
    private static final Duration CHECK_INTERVAL = Duration.ofSeconds(1);
    /** A negative duration turns off the eviction of idle connections in Commons Pool. */
    private static final Duration NEVER = Duration.ofMillis(-1);
    /** No claim waits for a sentinel: the thread that asks one serves only claims that Redis cannot answer. */
    private static final Duration SENTINEL_TIMEOUT = Duration.ofSeconds(1);
    /** One attempt, one after a redirection, and one more while a slot moves. */
    private static final int CLUSTER_ATTEMPTS = 3;

    private static final Setting<URI> REDIS = new Setting<>("FIRSTCOME_REDIS_URL", "redis://127.0.0.1:6379", "URI",
            "Redis as redis://[user:password@]host:port[/database],"
                    + " redis-sentinel://[user:password@]host:port,host:port/primary-name[/database] or"
                    + " redis-cluster://[user:password@]host:port,host:port; with rediss for TLS.",
            RedisSettings::redisUri);
    private static final Setting<String> SENTINEL_USER = Setting.optionalText("FIRSTCOME_REDIS_SENTINEL_USER", "",
            "The ACL user of the sentinels, if they have ACL users.");
    private static final Setting<String> SENTINEL_PASSWORD = new Setting<>("FIRSTCOME_REDIS_SENTINEL_PASSWORD", "",
            Setting.SECRET, "The password of the sentinels, if they need one.", text -> text);
    private static final Setting<Integer> CONNECTIONS = Setting.number("FIRSTCOME_REDIS_CONNECTIONS", 2, 1, 64,
            "connections", "How many round trips the gate makes at once, to each node of a cluster;"
                    + " the claims that wait share the next one.");
    private static final Setting<Duration> TIMEOUT = Setting.millis("FIRSTCOME_REDIS_TIMEOUT_MS", 50, 1, 50,
            "How long a claim waits for the gate, from its arrival on, before the log decides.");

    /** All settings, for the documentation. */
    public static final List<Setting<?>> ALL = List.of(REDIS, SENTINEL_USER, SENTINEL_PASSWORD, CONNECTIONS, TIMEOUT);

    /** The settings of a Redis whose sentinels, if there are any, need no password. */
    public RedisSettings(URI uri, int connections, Duration timeout) {
        this(uri, Optional.empty(), connections, timeout);
    }

    /** The settings of an environment. */
    public static RedisSettings from(Map<String, String> environment) {
        String password = SENTINEL_PASSWORD.from(environment);
        Optional<String> user = Optional.of(SENTINEL_USER.from(environment)).filter(it -> !it.isEmpty());
        return new RedisSettings(REDIS.from(environment),
                password.isEmpty() ? Optional.empty() : Optional.of(new Login(user, password)),
                CONNECTIONS.from(environment), TIMEOUT.from(environment));
    }

    /** The same Redis with other limits. */
    public RedisSettings with(int otherConnections, Duration otherTimeout) {
        return new RedisSettings(uri, sentinelLogin, otherConnections, otherTimeout);
    }

    /** The connections of the gate. No server need be reachable. */
    public RedisNodes nodes() {
        return new RedisNodes(this);
    }

    /**
     * A client for single commands.
     *
     * @throws redis.clients.jedis.exceptions.JedisException when no sentinel and no node of the cluster is reachable; a
     *         single server need not be reachable
     */
    public UnifiedJedis client() {
        return connect().commands();
    }

    /**
     * Creates a client. It opens all connections to a server within a second, or when they are first used, and keeps
     * them open: a burst of claims after a quiet time must not wait for connections. A thread checks the idle ones once
     * a second with PING and replaces those that fail.
     *
     * @throws redis.clients.jedis.exceptions.JedisException when no sentinel and no node of the cluster is reachable
     */
    Client connect() {
        RedisAddress address = address();
        DefaultJedisClientConfig config = config(address.login(), timeout).database(address.database()).build();
        return switch (address.topology()) {
            case SINGLE -> {
                HostAndPort server = address.servers().iterator().next();
                var provider = new PooledConnectionProvider(server, config, pool());
                yield new Client(provider, RedisClient.builder().hostAndPort(server).clientConfig(config)
                        .connectionProvider(provider).build());
            }
            case SENTINEL -> {
                var provider = new SentineledConnectionProvider(address.primary(), config, pool(), address.servers(),
                        sentinelConfig());
                yield new Client(provider, RedisSentinelClient.builder().masterName(address.primary())
                        .sentinels(address.servers()).clientConfig(config).connectionProvider(provider).build());
            }
            case CLUSTER -> {
                var provider = new ClusterConnectionProvider(address.servers(), config, pool());
                yield new Client(provider, RedisClusterClient.builder().nodes(address.servers()).clientConfig(config)
                        .maxAttempts(CLUSTER_ATTEMPTS).connectionProvider(provider).build());
            }
        };
    }

    private ConnectionPoolConfig pool() {
        var pool = new ConnectionPoolConfig();
        pool.setMaxTotal(connections);
        pool.setMaxIdle(connections);
        pool.setMinIdle(connections);
        pool.setMinEvictableIdleDuration(NEVER);
        pool.setTimeBetweenEvictionRuns(CHECK_INTERVAL);
        pool.setMaxWait(timeout);
        return pool;
    }

    JedisClientConfig sentinelConfig() {
        return config(sentinelLogin, timeout.compareTo(SENTINEL_TIMEOUT) > 0 ? timeout : SENTINEL_TIMEOUT).build();
    }

    private DefaultJedisClientConfig.Builder config(Optional<Login> login, Duration replyTimeout) {
        var config = DefaultJedisClientConfig.builder().timeoutMillis((int) replyTimeout.toMillis())
                .protocol(RedisProtocol.RESP2).clientSetInfoConfig(ClientSetInfoConfig.DISABLED)
                .clientName("firstcome-ingress");
        if (address().tls()) {
            config.sslOptions(SslOptions.defaults());
        }
        login.ifPresent(it -> config.user(it.user().orElse(null)).password(it.password()));
        return config;
    }

    /** The address without credentials, for log lines. */
    public RedisAddress address() {
        return RedisAddress.of(uri);
    }

    private static URI redisUri(String text) {
        URI uri = URI.create(text);
        RedisAddress.of(uri);
        return uri;
    }

    @Override
    public String toString() {
        return "RedisSettings[" + address() + ", connections=" + connections + ", timeout=" + timeout + "]";
    }
}

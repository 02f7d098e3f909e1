package io.firstcome.testing;

import static org.awaitility.Awaitility.await;

import java.util.List;
import java.util.Map;

import io.firstcome.embedded.EmbeddedRedis;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.commands.ProtocolCommand;
import redis.clients.jedis.exceptions.JedisConnectionException;

/** A primary, a replica, and a sentinel that promotes the replica. */
public final class ReplicatedRedis implements AutoCloseable {

    private static final String PRIMARY = "gate";

    private final EmbeddedRedis primary;
    private final EmbeddedRedis replica;
    private final EmbeddedRedis sentinel;

    private ReplicatedRedis(EmbeddedRedis primary, EmbeddedRedis replica, EmbeddedRedis sentinel) {
        this.primary = primary;
        this.replica = replica;
        this.sentinel = sentinel;
    }

    /** Returns when the sentinel knows the replica. */
    public static ReplicatedRedis start() {
        EmbeddedRedis primary = EmbeddedRedis.start(KafkaServer.directory("redis-primary"), 0, "--repl-diskless-sync",
                "yes", "--repl-diskless-sync-delay", "0");
        EmbeddedRedis replica = EmbeddedRedis.start(KafkaServer.directory("redis-replica"), 0, "--replicaof",
                "127.0.0.1", String.valueOf(primary.port()));
        awaitLink(replica, "up");
        EmbeddedRedis sentinel = EmbeddedRedis.startSentinel(KafkaServer.directory("redis-sentinel"), 0,
                List.of("sentinel monitor " + PRIMARY + " 127.0.0.1 " + primary.port() + " 1",
                        "sentinel down-after-milliseconds " + PRIMARY + " 1000",
                        "sentinel failover-timeout " + PRIMARY + " 3000"));
        var started = new ReplicatedRedis(primary, replica, sentinel);
        await().until(() -> {
            try (var asked = new Jedis("127.0.0.1", sentinel.port())) {
                return asked.sentinelReplicas(PRIMARY).size() == 1;
            }
        });
        return started;
    }

    private static void awaitLink(EmbeddedRedis replica, String status) {
        await().until(() -> {
            try (var asked = new Jedis("127.0.0.1", replica.port())) {
                return asked.info("replication").contains("master_link_status:" + status);
            }
        });
    }

    public String uri() {
        return "redis-sentinel://127.0.0.1:" + sentinel.port() + "/" + PRIMARY;
    }

    /** The settings for an ingress that uses these servers, with a projector group that no other server shares. */
    public Map<String, String> environment() {
        return Map.of("FIRSTCOME_REDIS_URL", uri(), "FIRSTCOME_GATE_GROUP", "gate-" + sentinel.port());
    }

    /** The replica gets no more data: its data grow old. */
    public void cutReplica() {
        try (RedisClient replicaClient = RedisClient.create(replica.uri());
                RedisClient primaryClient = RedisClient.create(primary.uri())) {
            replicaClient.configSet("masterauth", "wrong");
            primaryClient.executeCommand(command(Command.CLIENT, "KILL", "TYPE", "replica"));
        }
        awaitLink(replica, "down");
    }

    /** Returns when the sentinel has begun to promote the replica. */
    public void failOver() {
        try (var asked = new Jedis("127.0.0.1", sentinel.port())) {
            asked.sentinelFailover(PRIMARY);
        }
    }

    /** How many holders of a coupon the server has that was the replica at the start; -1 while it is no primary. */
    public long holders(String coupon) {
        try (var promoted = new Jedis("127.0.0.1", replica.port())) {
            boolean isPrimary = promoted.info("replication").contains("role:master");
            return isPrimary ? promoted.hlen("fc:{" + coupon + "}:issued") : -1;
        } catch (JedisConnectionException e) {
            // The sentinel ends the connections of a server that it promotes.
            return -1;
        }
    }

    private static CommandArguments command(ProtocolCommand command, String... arguments) {
        var all = new CommandArguments(command);
        List.of(arguments).forEach(all::add);
        return all;
    }

    @Override
    public void close() {
        sentinel.close();
        replica.close();
        primary.close();
    }
}

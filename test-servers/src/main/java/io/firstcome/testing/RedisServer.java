package io.firstcome.testing;

import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.util.Map;

import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

import io.firstcome.embedded.EmbeddedRedis;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.RedisClient;

/**
 * A Redis, registered as a static extension: either a private one for a test class that breaks it, or the one that all
 * other test classes of the module share. A Redis that a test took down is up again before the next test.
 */
public final class RedisServer implements BeforeAllCallback, AfterEachCallback, AfterAllCallback {

    private static final RedisServer SHARED = new RedisServer();

    private Path directory = KafkaServer.directory("redis");
    private EmbeddedRedis server;
    private RedisClient client;
    private boolean down;

    /**
     * The Redis that test classes share. Each test uses coupons of its own, and no test stops or flushes this Redis.
     */
    public static RedisServer shared() {
        return SHARED;
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        if (this == SHARED) {
            context.getRoot().getStore(ExtensionContext.Namespace.create(RedisServer.class)).computeIfAbsent(
                    RedisServer.class,
                    key -> start(), AutoCloseable.class);
        } else {
            start();
        }
    }

    private AutoCloseable start() {
        server = EmbeddedRedis.start(directory, 0);
        client = RedisClient.create(server.uri());
        return this::stop;
    }

    public RedisClient client() {
        return client;
    }

    /** The settings for an ingress that uses this server, with a projector group that no other server shares. */
    public Map<String, String> environment() {
        return Map.of("FIRSTCOME_REDIS_URL", server.uri(), "FIRSTCOME_GATE_GROUP", "gate-" + server.port());
    }

    /** Freezes the server: it does not respond until {@link #resume}. */
    public void pause() {
        server.pause();
    }

    public void resume() {
        server.resume();
    }

    public void kill() {
        server.kill();
        down = true;
    }

    /** Starts an empty server on the same port. */
    public void startAgain() {
        directory = KafkaServer.directory("redis");
        startAgainFromSnapshot();
    }

    /** Saves the data for {@link #startAgainFromSnapshot}. The timeout is long because the disk may be busy. */
    public void takeSnapshot() {
        var config = DefaultJedisClientConfig.builder().timeoutMillis(30_000).build();
        try (RedisClient saver = RedisClient.builder().hostAndPort("127.0.0.1", server.port()).clientConfig(config)
                .build()) {
            saver.executeCommand(new CommandArguments(Command.SAVE));
        }
    }

    /** Waits until the gate has the facts of a coupon. */
    public void awaitFacts(String coupon) {
        await().until(() -> client.hexists("fc:{" + coupon + "}:facts", "version"));
    }

    /** Starts a server on the same port with the data of the last snapshot. */
    public void startAgainFromSnapshot() {
        int port = server.port();
        server.close();
        server = EmbeddedRedis.start(directory, port);
        client.getPool().clear();
        down = false;
    }

    @Override
    public void afterEach(ExtensionContext context) {
        if (down) {
            startAgain();
        }
    }

    @Override
    public void afterAll(ExtensionContext context) {
        if (this != SHARED) {
            stop();
        }
    }

    private void stop() {
        client.close();
        server.close();
    }
}

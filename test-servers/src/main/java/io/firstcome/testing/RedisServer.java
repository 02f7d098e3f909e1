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

/** A Redis for one test class, to be registered as a static extension. What a test took away is there again after it. */
public final class RedisServer implements BeforeAllCallback, AfterEachCallback, AfterAllCallback {

    private Path directory = KafkaServer.directory("redis");
    private EmbeddedRedis server;
    private RedisClient client;
    private boolean down;

    @Override
    public void beforeAll(ExtensionContext context) {
        server = EmbeddedRedis.start(directory, 0);
        client = RedisClient.create(server.uri());
    }

    public RedisClient client() {
        return client;
    }

    /** What an ingress must be told to use it, and not to share the work with those who use another. */
    public Map<String, String> environment() {
        return Map.of("FIRSTCOME_REDIS_URL", server.uri(), "FIRSTCOME_GATE_GROUP", "gate-" + server.port());
    }

    /** Makes it hang. */
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

    /** An empty one on the same port. */
    public void startAgain() {
        directory = KafkaServer.directory("redis");
        startAgainFromSnapshot();
    }

    /** What it holds now, for {@link #startAgainFromSnapshot}. A busy disk takes its time over it. */
    public void takeSnapshot() {
        var patience = DefaultJedisClientConfig.builder().timeoutMillis(30_000).build();
        try (RedisClient patient = RedisClient.builder().hostAndPort("127.0.0.1", server.port()).clientConfig(patience)
                .build()) {
            patient.executeCommand(new CommandArguments(Command.SAVE));
        }
    }

    /** Returns when the gate can judge claims of a coupon: a digest alone may be there before. */
    public void awaitFacts(String coupon) {
        await().until(() -> client.hexists("fc:{" + coupon + "}:facts", "version"));
    }

    /** One on the same port, with the data of the last snapshot. */
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
        client.close();
        server.close();
    }
}

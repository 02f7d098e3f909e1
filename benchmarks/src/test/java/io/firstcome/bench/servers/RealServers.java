package io.firstcome.bench.servers;

import java.net.URI;
import java.nio.file.Path;

import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

import io.firstcome.bench.system.BenchServers;
import io.firstcome.embedded.EmbeddedKafka;
import io.firstcome.embedded.EmbeddedMariaDb;
import io.firstcome.embedded.EmbeddedRedis;

/** One Kafka, Redis and MariaDB for all tests of the module. */
public final class RealServers implements BeforeAllCallback {

    private static final Path DIRECTORY = Path.of("target", "servers", String.valueOf(System.nanoTime()));

    private static BenchServers servers;

    public static BenchServers get() {
        return servers;
    }

    /** A directory that no other test uses. */
    public static Path directory(String name) {
        return DIRECTORY.resolve(name);
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        context.getRoot().getStore(ExtensionContext.Namespace.create(RealServers.class))
                .computeIfAbsent(RealServers.class, _ -> start(), AutoCloseable.class);
    }

    private static AutoCloseable start() {
        var kafka = EmbeddedKafka.start(directory("kafka"), 0);
        var redis = EmbeddedRedis.start(directory("redis"), 0);
        var database = EmbeddedMariaDb.start(directory("mariadb"), 0);
        servers = new BenchServers(kafka.bootstrapServers(), URI.create(redis.uri()),
                "jdbc:mysql://127.0.0.1:" + database.port() + "/firstcome", "root", "");
        return () -> {
            database.close();
            redis.close();
            kafka.close();
        };
    }
}

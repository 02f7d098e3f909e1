package io.firstcome.standalone.stack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Properties;

import io.firstcome.kit.service.StartFailure;
import io.firstcome.kit.settings.Credentials;

/**
 * The addresses of a stack, stored in {@code DATA_DIR/endpoints.properties} for other programs.
 *
 * @param http the URL of the public API
 * @param admin the URL of the operators' API
 * @param adminToken the bearer token of the operators' API
 * @param processor the URL of the authority's queries
 * @param sink the URL of the sink's queries, health and metrics
 * @param kafka the bootstrap servers
 * @param redis the URI of Redis
 * @param jdbc the JDBC URL with user and password
 */
public record Endpoints(String http, String admin, String adminToken, String processor, String sink, String kafka,
        String redis, String jdbc) {

    /** The data directory of {@code up} where no other is named. */
    public static final String DEFAULT_DIRECTORY = ".firstcome";

    private static final String FILE = "endpoints.properties";

    /** The file in a data directory that contains the endpoints. */
    public static Path fileIn(Path dataDirectory) {
        return dataDirectory.resolve(FILE);
    }

    /** Writes the file atomically and readable by its owner only, because it contains the token. */
    void writeTo(Path dataDirectory) {
        Properties properties = new Properties();
        properties.put("http.url", http);
        properties.put("admin.url", admin);
        properties.put("admin.token", adminToken);
        properties.put("processor.url", processor);
        properties.put("sink.url", sink);
        properties.put("kafka.bootstrap", kafka);
        properties.put("redis.uri", redis);
        properties.put("jdbc.url", jdbc);
        try {
            Path temporary = Files.createTempFile(dataDirectory, FILE, ".tmp",
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            try (var writer = Files.newBufferedWriter(temporary)) {
                properties.store(writer, "The endpoints of FirstCome. Rewritten at every start.");
            }
            Files.move(temporary, fileIn(dataDirectory), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The endpoints that the last stack with this data directory wrote; empty when there was none. */
    public static Optional<Endpoints> readFrom(Path dataDirectory) {
        Path file = fileIn(dataDirectory);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        Properties properties = new Properties();
        try (var reader = Files.newBufferedReader(file)) {
            properties.load(reader);
        } catch (IOException e) {
            throw new StartFailure(file + " cannot be read: " + e.getMessage(), e);
        }
        return Optional.of(new Endpoints(value(properties, "http.url"), value(properties, "admin.url"),
                value(properties, "admin.token"), value(properties, "processor.url"), value(properties, "sink.url"),
                value(properties, "kafka.bootstrap"), value(properties, "redis.uri"), value(properties, "jdbc.url")));
    }

    private static String value(Properties properties, String key) {
        return Optional.ofNullable(properties.getProperty(key))
                .orElseThrow(() -> new StartFailure(
                        FILE + " does not contain " + key + "; restart the stack to rewrite it"));
    }

    /** Contains neither the token nor passwords. */
    @Override
    public String toString() {
        return "Endpoints[http=" + http + ", admin=" + admin + ", processor=" + processor + ", sink=" + sink
                + ", kafka=" + kafka + ", redis=" + Credentials.hiddenIn(redis) + ", jdbc="
                + Credentials.hiddenIn(jdbc) + "]";
    }
}

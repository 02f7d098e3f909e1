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
 * Where everything answers, as {@code DATA_DIR/endpoints.properties} tells it to other programs.
 *
 * @param http the public API
 * @param admin the operators' API
 * @param adminToken its bearer token
 * @param processor the authority's queries
 * @param sink the sink's answers about users' coupons, its health and metrics
 * @param kafka bootstrap servers
 * @param redis URI
 * @param jdbc URL with user and password
 */
public record Endpoints(String http, String admin, String adminToken, String processor, String sink, String kafka,
        String redis, String jdbc) {

    private static final String FILE = "endpoints.properties";

    /** The file of a data directory that holds its endpoints. */
    public static Path fileIn(Path dataDirectory) {
        return dataDirectory.resolve(FILE);
    }

    /** Writes the file whole or not at all, for its owner's eyes only: it holds the token. */
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
            Path draft = Files.createTempFile(dataDirectory, FILE, ".draft",
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            try (var writer = Files.newBufferedWriter(draft)) {
                properties.store(writer, "Where FirstCome answers. Written at every start.");
            }
            Files.move(draft, fileIn(dataDirectory), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The endpoints that a stack with this data directory wrote last, if one ever did. */
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
                .orElseThrow(() -> new StartFailure(FILE + " lacks " + key + "; start the stack again to rewrite it"));
    }

    /** Without token and passwords. */
    @Override
    public String toString() {
        return "Endpoints[http=" + http + ", admin=" + admin + ", processor=" + processor + ", sink=" + sink
                + ", kafka=" + kafka + ", redis=" + Credentials.hiddenIn(redis) + ", jdbc="
                + Credentials.hiddenIn(jdbc) + "]";
    }
}

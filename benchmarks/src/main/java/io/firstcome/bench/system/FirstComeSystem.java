package io.firstcome.bench.system;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import io.firstcome.contract.json.Json;
import io.firstcome.embedded.process.ChildProcess;
import io.firstcome.standalone.stack.Endpoints;
import io.firstcome.standalone.stack.Ports;

/** This system, started by {@code ./firstcome up} in processes of its own. */
public final class FirstComeSystem implements CouponSystem {

    /** Three servers and three services start at the same time, perhaps beside the tests of other modules. */
    private static final Duration START_TIMEOUT = Duration.ofMinutes(3);
    private static final Duration VISIBLE_TIMEOUT = Duration.ofMinutes(1);
    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(30);
    private static final Duration POLL_INTERVAL = Duration.ofMillis(5);

    private final String name;
    private final ChildProcess process;
    private final Endpoints endpoints;
    private final Duration startTime;
    private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private Connection database;

    private FirstComeSystem(String name, ChildProcess process, Endpoints endpoints, Duration startTime) {
        this.name = name;
        this.process = process;
        this.endpoints = endpoints;
        this.startTime = startTime;
    }

    /**
     * Starts a build with fresh data on free ports and returns when the system is ready.
     *
     * @param dataDirectory a directory for its data and its output
     * @param arguments further arguments of {@code up}, such as {@code --jdbc-url}
     */
    public static FirstComeSystem start(FirstComeBuild build, Path dataDirectory, List<String> arguments) {
        Path data = dataDirectory.resolve("data").toAbsolutePath();
        createDirectory(dataDirectory);
        Ports ports = Ports.free();
        List<String> command = new ArrayList<>(build.command());
        command.addAll(List.of("up", "--fresh", "--data-dir", data.toString()));
        Map.of("--http-port", ports.http(), "--admin-port", ports.admin(), "--processor-port", ports.processor(),
                "--sink-port", ports.sink(), "--kafka-port", ports.kafka(), "--redis-port", ports.redis(),
                "--mysql-port", ports.mysql())
                .forEach((option, port) -> command.addAll(List.of(option, String.valueOf(port))));
        command.addAll(arguments);
        Instant begin = Instant.now();
        ChildProcess process = ChildProcess.launch(build.name(), command, dataDirectory,
                dataDirectory.resolve("output.log"));
        process.awaitReady(() -> Endpoints.readFrom(data).isPresent(), START_TIMEOUT);
        return new FirstComeSystem(build.name(), process, Endpoints.readFrom(data).orElseThrow(),
                Duration.between(begin, Instant.now()));
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String weakness() {
        return "decides in the order of the log with exactly-once transactions; no known weakness among those measured"
                + " here, but more work per claim.";
    }

    @Override
    public URI url() {
        return URI.create(endpoints.http());
    }

    /** From the start of the command until all services were ready. */
    public Duration startTime() {
        return startTime;
    }

    /** The process that runs the services and, unless others were given, the broker. */
    public long pid() {
        return process.pid();
    }

    /** The Kafka, Redis and database of this system, for rivals that share them. */
    public BenchServers servers() {
        URI database = URI.create(endpoints.jdbc().substring("jdbc:".length()));
        String query = Optional.ofNullable(database.getQuery()).orElse("");
        String others = String.join("&", List.of(query.split("&")).stream()
                .filter(each -> !each.startsWith("user=") && !each.startsWith("password=")).toList());
        String url = endpoints.jdbc().split("\\?", 2)[0] + (others.isEmpty() ? "" : "?" + others);
        return new BenchServers(endpoints.kafka(), URI.create(endpoints.redis()), url, parameter(query, "user"),
                parameter(query, "password"));
    }

    private static String parameter(String query, String key) {
        return List.of(query.split("&")).stream().filter(each -> each.startsWith(key + "="))
                .map(each -> each.substring(key.length() + 1)).findFirst().orElse("");
    }

    private record Definition(String name, long stock, String opensAt, String closesAt) {}

    @Override
    public void createCoupon(String couponId, long stock) throws IOException, InterruptedException {
        Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        var body = new Definition("Benchmark", stock, now.minusSeconds(60).toString(),
                now.plus(Duration.ofDays(1)).toString());
        HttpResponse<byte[]> answer = http.send(
                HttpRequest.newBuilder(URI.create(endpoints.admin() + "/v1/coupons/" + couponId))
                        .header("Content-Type", "application/json")
                        .header("Authorization", "Bearer " + endpoints.adminToken())
                        .timeout(ANSWER_TIMEOUT).PUT(BodyPublishers.ofByteArray(Json.write(body))).build(),
                BodyHandlers.ofByteArray());
        if (answer.statusCode() != 201) {
            throw new IOException(name + " did not create the coupon " + couponId + ": " + answer.statusCode() + " "
                    + new String(answer.body(), UTF_8));
        }
        awaitVisible(couponId);
    }

    private void awaitVisible(String couponId) throws IOException, InterruptedException {
        var read = HttpRequest.newBuilder(URI.create(endpoints.http() + "/v1/coupons/" + couponId))
                .timeout(ANSWER_TIMEOUT).build();
        Instant deadline = Instant.now().plus(VISIBLE_TIMEOUT);
        while (http.send(read, BodyHandlers.discarding()).statusCode() != 200) {
            if (Instant.now().isAfter(deadline)) {
                throw new IOException(name + " does not show the coupon " + couponId);
            }
            Thread.sleep(POLL_INTERVAL);
        }
    }

    @Override
    public synchronized long storedRows(String couponId) throws SQLException {
        if (database == null) {
            database = DriverManager.getConnection(endpoints.jdbc());
        }
        try (var query = database.prepareStatement("SELECT COUNT(*) FROM issued_coupons WHERE coupon_id = ?")) {
            query.setString(1, couponId);
            try (var result = query.executeQuery()) {
                result.next();
                return result.getLong(1);
            }
        }
    }

    @Override
    public void close() {
        http.close();
        try {
            if (database != null) {
                database.close();
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        } finally {
            process.end();
        }
    }

    private static void createDirectory(Path directory) {
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package io.firstcome.system;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

import io.firstcome.embedded.process.FreePort;
import io.firstcome.standalone.stack.Endpoints;

/**
 * The exporters of Redis and MySQL as {@code docker-compose.full.yml} starts them, where this machine has them (Debian:
 * prometheus-redis-exporter, prometheus-mysqld-exporter).
 */
final class Exporters implements AutoCloseable {

    private final Path directory;
    private final List<Process> started = new ArrayList<>();
    private final List<String> missing = new ArrayList<>();
    private final StringBuilder jobs = new StringBuilder();

    private Exporters(Path directory) {
        this.directory = directory;
    }

    static Exporters start(Endpoints endpoints, Path directory) throws IOException, SQLException {
        var exporters = new Exporters(directory);
        exporters.startRedis(endpoints.redis());
        exporters.startMySql(endpoints.jdbc());
        return exporters;
    }

    /** How the names of the series begin that no program provides here. */
    List<String> missing() {
        return missing;
    }

    /** The lines for {@code scrape_configs}, relabelled as in {@code ops/compose/prometheus.yml}. */
    String jobs() {
        return jobs.toString();
    }

    private void startRedis(String redis) throws IOException {
        Optional<Path> program = program("prometheus-redis-exporter");
        if (program.isEmpty()) {
            missing.add("redis_");
            return;
        }
        String address = "127.0.0.1:" + FreePort.pick();
        start(Map.of("REDIS_ADDR", ""), program.get().toString(), "--web.listen-address=" + address);
        jobs.append("""
                  - job_name: redis
                    metrics_path: /scrape
                    static_configs: [{targets: ["%s"]}]
                    relabel_configs:
                      - {source_labels: [__address__], target_label: __param_target}
                      - {source_labels: [__param_target], target_label: instance}
                      - {target_label: __address__, replacement: "%s"}
                """.formatted(redis, address));
    }

    /** The user has the rights that {@code ops/compose/mysql/primary.sh} gives to it. */
    private void startMySql(String jdbc) throws IOException, SQLException {
        Optional<Path> program = program("prometheus-mysqld-exporter");
        if (program.isEmpty()) {
            missing.add("mysql_");
            return;
        }
        try (Connection connection = DriverManager.getConnection(jdbc);
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE USER 'exporter'@'%' IDENTIFIED BY 'of a test' WITH MAX_USER_CONNECTIONS 3");
            statement.execute("GRANT PROCESS, REPLICATION CLIENT ON *.* TO 'exporter'@'%'");
            statement.execute("GRANT SELECT ON performance_schema.* TO 'exporter'@'%'");
        }
        Path login = Files.writeString(directory.resolve("exporter.cnf"), """
                [client]
                host=127.0.0.1
                port=%d
                user=exporter
                password=of a test
                """.formatted(URI.create(jdbc.substring("jdbc:".length())).getPort()));
        String address = "127.0.0.1:" + FreePort.pick();
        start(Map.of(), program.get().toString(), "--config.my-cnf=" + login, "--web.listen-address=" + address,
                "--collect.info_schema.innodb_metrics");
        jobs.append("  - {job_name: mysql, static_configs: [{targets: [\"" + address + "\"]}]}\n");
    }

    private void start(Map<String, String> environment, String... command) throws IOException {
        var builder = new ProcessBuilder(command).redirectErrorStream(true)
                .redirectOutput(directory.resolve(Path.of(command[0]).getFileName() + ".log").toFile());
        builder.environment().putAll(environment);
        started.add(builder.start());
    }

    private static Optional<Path> program(String name) {
        return Stream.of(System.getenv("PATH").split(":")).map(it -> Path.of(it, name)).filter(Files::isExecutable)
                .findFirst();
    }

    @Override
    public void close() {
        started.forEach(Process::destroy);
    }
}

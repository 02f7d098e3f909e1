package io.firstcome.sink;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import io.firstcome.kit.server.HttpServerSettings;
import io.firstcome.kit.settings.KafkaSettings;
import io.firstcome.kit.settings.RenamedSettings;
import io.firstcome.kit.settings.Setting;
import io.firstcome.kit.tracing.TracingSettings;
import io.firstcome.sink.database.DatabaseSettings;

/**
 * The sink's settings.
 *
 * @param kafka how to reach Kafka
 * @param database how to reach MySQL
 * @param group the consumer group that shares the partitions
 * @param batchSize how many records one transaction stores at most
 * @param maxRefusals how many records in a row MySQL may refuse before their partition stops
 * @param host the address to listen on
 * @param port the port, 0 for any free port
 * @param edge the limits of the HTTP server
 * @param tracing whether and how requests are traced
 */
public record SinkSettings(
        KafkaSettings kafka,
        DatabaseSettings database,
        String group,
        int batchSize,
        int maxRefusals,
        String host,
        int port,
        HttpServerSettings edge,
        TracingSettings tracing) {

    private static final Setting<String> JDBC_URL = Setting.text("FIRSTCOME_JDBC_URL",
            "jdbc:mysql://127.0.0.1:3306/firstcome", "JDBC URL of MySQL or MariaDB, with options of the driver.");
    private static final Setting<String> USER = Setting.optionalText("FIRSTCOME_DB_USER", "",
            "Database user; empty when the URL contains one.");
    private static final Setting<String> PASSWORD = new Setting<>("FIRSTCOME_DB_PASSWORD", "", Setting.SECRET,
            "Password of the database user; empty for none.", text -> text);
    private static final Setting<Integer> POOL = Setting.number("FIRSTCOME_DB_WRITE_CONNECTIONS", 4, 2, 100,
            "connections",
            "Most database connections of one sink for writing. As many partitions are written at the same time.");
    private static final Setting<Integer> READERS = Setting.number("FIRSTCOME_DB_READ_CONNECTIONS", 4, 1, 100,
            "connections",
            "Most database connections of one sink for queries, besides those for writing.");
    private static final Setting<String> GROUP = Setting.text("FIRSTCOME_SINK_GROUP", "firstcome-sink",
            "Consumer group that shares the partitions. Offsets are kept in MySQL, not in this group.");
    private static final Setting<Integer> BATCH = Setting.number("FIRSTCOME_SINK_BATCH_SIZE", 2_000, 1, 10_000,
            "records",
            "Most records that one transaction stores.");
    private static final Setting<Integer> REFUSALS = Setting.number("FIRSTCOME_SINK_MAX_REFUSALS", 10, 0, 1_000_000,
            "records", "Most records of a partition in a row that are set aside because MySQL refuses them."
                    + " The next refused record stops the partition.");
    private static final Setting<String> HOST = Setting.text("FIRSTCOME_SINK_HOST", "127.0.0.1",
            "Address that the sink listens on; 0.0.0.0 for all addresses.");
    private static final Setting<Integer> PORT = Setting.port("FIRSTCOME_SINK_PORT", 8083,
            "Port of queries, probes and metrics of the sink.");

    /** Every setting, for the documentation. */
    public static final List<Setting<?>> ALL = Stream.of(KafkaSettings.ALL,
            List.of(JDBC_URL, USER, PASSWORD, POOL, READERS, GROUP, BATCH, REFUSALS, HOST, PORT),
            HttpServerSettings.ALL, TracingSettings.ALL)
            .<Setting<?>>flatMap(List::stream).toList();

    /**
     * Reads the settings from environment variables.
     *
     * @throws io.firstcome.kit.service.StartFailure naming the first key whose value is not allowed
     */
    public static SinkSettings from(Map<String, String> environment) {
        RenamedSettings.reject(environment);
        var database = new DatabaseSettings(JDBC_URL.from(environment), USER.from(environment),
                PASSWORD.from(environment), POOL.from(environment), READERS.from(environment));
        return new SinkSettings(KafkaSettings.from(environment), database, GROUP.from(environment),
                BATCH.from(environment), REFUSALS.from(environment), HOST.from(environment), PORT.from(environment),
                HttpServerSettings.from(environment), TracingSettings.from(environment));
    }
}

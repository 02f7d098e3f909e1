package io.firstcome.embedded;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;

import org.apache.kafka.common.utils.Time;

import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.tools.StorageTool;

/**
 * A real KRaft broker within this JVM: one replica of everything, no topic that nobody asked for. Its log survives
 * restarts.
 */
public final class EmbeddedKafka implements AutoCloseable {

    private static final String NAME = "Kafka";

    /** Always the same, so that a log that is formatted already can be formatted again without harm. */
    private static final String CLUSTER_ID = "FirstComeEmbeddedKafka";

    private final int port;
    private final DataDir dataDir;
    private final KafkaRaftServer server;
    private final AtomicBoolean over = new AtomicBoolean();

    private EmbeddedKafka(int port, DataDir dataDir, KafkaRaftServer server) {
        this.port = port;
        this.dataDir = dataDir;
        this.server = server;
    }

    /**
     * Returns when it serves. From then on Kafka cannot end this JVM, whatever befalls the broker.
     *
     * @param dataDir its own directory, created where missing
     * @param port the loopback port to serve on, or 0 for any
     * @throws ServerStartFailure when it cannot
     */
    public static EmbeddedKafka start(Path dataDir, int port) {
        int free = FreePort.resolve(NAME, port);
        return DataDir.holdFor(dataDir, held -> serve(held, free));
    }

    /** The loopback port that it serves on. */
    public int port() {
        return port;
    }

    /** What clients take as {@code bootstrap.servers}. */
    public String bootstrapServers() {
        return Loopback.ADDRESS + ":" + port;
    }

    /** Ends it in good order and waits for that. Does nothing when it is over already. */
    @Override
    public void close() {
        if (over.compareAndSet(false, true)) {
            server.shutdown();
            dataDir.close();
        }
    }

    private static EmbeddedKafka serve(DataDir dataDir, int port) {
        BrokerExit.forbid();
        Map<String, String> settings = BrokerSettings.of(dataDir.subdirectory("log"), port, FreePort.pick());
        try {
            format(dataDir.write("server.properties", lines(settings)));
            KafkaRaftServer server = new KafkaRaftServer(new KafkaConfig(settings), Time.SYSTEM);
            startUp(server);
            return new EmbeddedKafka(port, dataDir, server);
        } catch (Exception e) {
            // Kafka is written in Scala and throws checked exceptions without declaring them.
            throw new ServerStartFailure("Kafka did not start over " + dataDir.path() + ": " + e.getMessage(), e);
        }
    }

    private static void format(Path settingsFile) {
        String[] command = {"format", "--cluster-id", CLUSTER_ID, "--config", settingsFile.toString(),
            "--ignore-formatted"};
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        if (StorageTool.execute(command, new PrintStream(said, true, StandardCharsets.UTF_8)) != 0) {
            throw new ServerStartFailure(said.toString(StandardCharsets.UTF_8).strip());
        }
    }

    private static void startUp(KafkaRaftServer server) {
        try {
            server.startup();
        } catch (Exception e) {
            endAfter(e, server);
            throw e;
        }
    }

    /** Half a broker still holds ports, threads and the lock on its log. */
    private static void endAfter(Exception failure, KafkaRaftServer server) {
        try {
            server.shutdown();
        } catch (Exception e) {
            failure.addSuppressed(e);
        }
    }

    private static String lines(Map<String, String> settings) {
        return settings.entrySet().stream()
                .map(setting -> setting.getKey() + "=" + setting.getValue() + "\n")
                .sorted()
                .collect(Collectors.joining());
    }
}

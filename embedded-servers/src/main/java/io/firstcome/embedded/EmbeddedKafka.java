package io.firstcome.embedded;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

import org.apache.kafka.common.utils.Time;

import io.firstcome.embedded.process.DataDir;
import io.firstcome.embedded.process.FreePort;
import io.firstcome.embedded.process.Loopback;
import io.firstcome.embedded.process.ServerStartFailure;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.tools.StorageTool;

/**
 * A real Kafka broker (KRaft, single node) in this JVM. Topics have one replica and are not created automatically. The
 * data survive a restart.
 */
public final class EmbeddedKafka implements AutoCloseable {

    private static final String NAME = "Kafka";

    /** A constant, so that formatting an already formatted directory has no effect. */
    private static final String CLUSTER_ID = "FirstComeEmbeddedKafka";

    private final int port;
    private final DataDir dataDir;
    private final KafkaRaftServer server;
    private final AtomicBoolean ended = new AtomicBoolean();

    private EmbeddedKafka(int port, DataDir dataDir, KafkaRaftServer server) {
        this.port = port;
        this.dataDir = dataDir;
        this.server = server;
    }

    /**
     * Starts a broker and returns when it accepts clients. From then on Kafka cannot exit this JVM; a fatal error of
     * the broker is thrown in Kafka's own thread and logged.
     *
     * @param dataDir the broker's directory, created if necessary
     * @param port the port on the loopback interface, or 0 for any free port
     * @throws ServerStartFailure when the broker cannot be started
     */
    public static EmbeddedKafka start(Path dataDir, int port) {
        int free = FreePort.resolve(NAME, port);
        return DataDir.startIn(dataDir, locked -> start(locked, free, Optional.empty()));
    }

    /**
     * Starts a broker that demands TLS, users and rights on a new directory.
     *
     * @throws ServerStartFailure when the broker cannot be started
     */
    public static EmbeddedKafka start(Path dataDir, BrokerSecurity security) {
        return DataDir.startIn(dataDir, locked -> start(locked, FreePort.pick(), Optional.of(security)));
    }

    /** The port on the loopback interface. */
    public int port() {
        return port;
    }

    /** The value for {@code bootstrap.servers} of clients. */
    public String bootstrapServers() {
        return Loopback.ADDRESS + ":" + port;
    }

    /** Stops the broker and waits until it has ended. Has no effect when it has already ended. */
    @Override
    public void close() {
        if (ended.compareAndSet(false, true)) {
            server.shutdown();
            dataDir.close();
        }
    }

    private static EmbeddedKafka start(DataDir dataDir, int port, Optional<BrokerSecurity> security) {
        BrokerExit.forbid();
        Path log = dataDir.subdirectory("log");
        var node = new BrokerSettings.Node(1, port, FreePort.pick());
        Map<String, String> settings = new HashMap<>(BrokerSettings.of(log, node, List.of(node)));
        security.ifPresent(it -> it.addTo(settings, port));
        try {
            format(dataDir.write("server.properties", BrokerSettings.lines(settings)),
                    security.map(BrokerSecurity::formatArguments).orElse(List.of()));
            KilledBroker.awaitFenced(log, settings);
            KafkaRaftServer server = new KafkaRaftServer(new KafkaConfig(settings), Time.SYSTEM);
            startUp(server);
            return new EmbeddedKafka(port, dataDir, server);
        } catch (Exception e) {
            // Kafka is written in Scala and throws undeclared checked exceptions.
            throw new ServerStartFailure("Kafka did not start in " + dataDir.path() + ": " + e.getMessage(), e);
        }
    }

    static void format(Path settingsFile, List<String> more) {
        List<String> command = new ArrayList<>(List.of("format", "--cluster-id", CLUSTER_ID, "--config",
                settingsFile.toString(), "--ignore-formatted"));
        command.addAll(more);
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        var out = new PrintStream(output, true, StandardCharsets.UTF_8);
        if (StorageTool.execute(command.toArray(String[]::new), out) != 0) {
            throw new ServerStartFailure(output.toString(StandardCharsets.UTF_8).strip());
        }
    }

    private static void startUp(KafkaRaftServer server) {
        try {
            server.startup();
        } catch (Exception e) {
            // A partly started broker holds ports, threads and the lock of its log directory.
            try {
                server.shutdown();
            } catch (Exception suppressed) {
                e.addSuppressed(suppressed);
            }
            throw e;
        }
    }
}

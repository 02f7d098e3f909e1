package io.firstcome.embedded;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;

import org.apache.kafka.common.utils.Time;

import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.tools.StorageTool;

/** A real Kafka broker with its own controller, in this process. What it holds survives a restart on the same directory. */
public final class EmbeddedKafka implements AutoCloseable {

    /** One broker has one cluster; under the same id it can be formatted again without harm. */
    private static final String CLUSTER_ID = "FirstComeEmbeddedKafka";

    private final DataDir data;
    private final int port;
    private final KafkaRaftServer server;
    private boolean closed;

    private EmbeddedKafka(DataDir data, int port, KafkaRaftServer server) {
        this.data = data;
        this.port = port;
        this.server = server;
    }

    /**
     * Starts a broker on loopback.
     *
     * @param directory its data, created where missing
     * @param port its port, or 0 for a free one
     * @throws ServerStartFailure when the port is taken or the directory cannot be used
     */
    public static EmbeddedKafka start(Path directory, int port) {
        int actual = FreePort.pickIfZero(port);
        FreePort.require("Kafka", actual);
        DataDir data = DataDir.hold(directory);
        try {
            Map<String, String> settings = settings(data, actual);
            format(data, settings);
            KafkaRaftServer server = new KafkaRaftServer(new KafkaConfig(settings), Time.SYSTEM);
            server.startup();
            return new EmbeddedKafka(data, actual, server);
        } catch (RuntimeException e) {
            data.close();
            throw new ServerStartFailure("Kafka did not start on " + directory + ": " + e.getMessage(), e);
        }
    }

    /** Where clients connect. */
    public String bootstrapServers() {
        return "127.0.0.1:" + port;
    }

    /** Stops the broker; what it acknowledged is on disk. */
    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            server.shutdown();
            server.awaitShutdown();
            data.close();
        }
    }

    private static void format(DataDir data, Map<String, String> settings) {
        Path file = data.write("server.properties", settings.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue()).sorted().collect(Collectors.joining("\n")));
        var output = new ByteArrayOutputStream();
        String[] command = {"format", "--cluster-id", CLUSTER_ID, "--config", file.toString(), "--ignore-formatted"};
        int status = StorageTool.execute(command, new PrintStream(output, true, StandardCharsets.UTF_8));
        if (status != 0) {
            throw new ServerStartFailure("formatting failed: " + output.toString(StandardCharsets.UTF_8).strip());
        }
    }

    private static Map<String, String> settings(DataDir data, int port) {
        int controller = FreePort.pick();
        Map<String, String> settings = new HashMap<>();
        settings.put("process.roles", "broker,controller");
        settings.put("node.id", "1");
        settings.put("controller.quorum.voters", "1@127.0.0.1:" + controller);
        settings.put("controller.listener.names", "CONTROLLER");
        settings.put("listeners", "PLAINTEXT://127.0.0.1:" + port + ",CONTROLLER://127.0.0.1:" + controller);
        settings.put("advertised.listeners", "PLAINTEXT://127.0.0.1:" + port);
        settings.put("log.dirs", data.subdirectory("log").toString());
        settings.put("auto.create.topics.enable", "false");
        settings.put("group.initial.rebalance.delay.ms", "0");
        // The broker's own topics: one node has one replica, and few partitions start faster.
        for (String topic : new String[]{"offsets.topic", "transaction.state.log", "share.coordinator.state.topic"}) {
            settings.put(topic + ".replication.factor", "1");
            settings.put(topic + ".num.partitions", "4");
        }
        settings.put("transaction.state.log.min.isr", "1");
        settings.put("share.coordinator.state.topic.min.isr", "1");
        settings.put("log.cleaner.dedupe.buffer.size", String.valueOf(16 * 1024 * 1024));
        return settings;
    }
}

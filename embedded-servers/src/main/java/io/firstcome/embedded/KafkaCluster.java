package io.firstcome.embedded;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.firstcome.embedded.BrokerSettings.Node;
import io.firstcome.embedded.process.ChildProcess;
import io.firstcome.embedded.process.DataDir;
import io.firstcome.embedded.process.Loopback;

/**
 * Several real Kafka brokers, each with a controller in a JVM of its own with a heap of 256 MiB. Up to three replicas,
 * two of them in sync. For tests and benchmarks of what a cluster does: the processors are shared with the services.
 */
public final class KafkaCluster implements AutoCloseable {

    private final List<Node> nodes;
    private final List<DataDir> directories = new ArrayList<>();
    private final List<ChildProcess> brokers = new ArrayList<>();

    private KafkaCluster(List<Node> nodes) {
        this.nodes = nodes;
    }

    /**
     * Starts the brokers and does not wait for them.
     *
     * @param directory the data of each broker are in a subdirectory, with its output in {@code kafka.log}
     * @throws io.firstcome.embedded.process.ServerStartFailure when a broker cannot be started
     */
    public static KafkaCluster launch(Path directory, int brokers) {
        var cluster = new KafkaCluster(IntStream.rangeClosed(1, brokers).mapToObj(Node::withFreePorts).toList());
        try {
            cluster.nodes.forEach(node -> cluster.launch(node, directory.resolve("broker-" + node.id())));
        } catch (RuntimeException e) {
            cluster.close();
            throw e;
        }
        return cluster;
    }

    private void launch(Node node, Path directory) {
        DataDir data = DataDir.lock(directory);
        directories.add(data);
        Path settings = data.write("server.properties",
                BrokerSettings.lines(BrokerSettings.of(data.subdirectory("log"), node, nodes)));
        EmbeddedKafka.format(settings, List.of());
        List<String> command = List.of(ProcessHandle.current().info().command().orElseThrow(), "-Xms256m", "-Xmx256m",
                "-XX:+UseSerialGC", "-cp",
                System.getProperty("java.class.path"), "kafka.Kafka", settings.toString());
        brokers.add(ChildProcess.launch("Kafka broker " + node.id(), command, data.path(), data.resolve("kafka.log")));
    }

    /** The value for {@code bootstrap.servers} of clients: all brokers. */
    public String bootstrapServers() {
        return nodes.stream().map(node -> Loopback.ADDRESS + ":" + node.port()).collect(Collectors.joining(","));
    }

    /**
     * Freezes a broker: it does not respond until {@link #resume}.
     *
     * @param broker the broker's id, from 1
     */
    public void pause(int broker) {
        brokers.get(broker - 1).signal("STOP");
    }

    /** Lets a frozen broker go on. */
    public void resume(int broker) {
        brokers.get(broker - 1).signal("CONT");
    }

    /** Kills the brokers: a stop in order waits for a quorum that the other stops have ended. */
    @Override
    public void close() {
        brokers.forEach(ChildProcess::kill);
        directories.forEach(DataDir::close);
    }
}

package io.firstcome.embedded;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import io.firstcome.embedded.process.FreePort;
import io.firstcome.embedded.process.Loopback;

/** The configuration of one node of a cluster: combined broker and controller, loopback interface only. */
final class BrokerSettings {

    private static final String ONE = "1";

    /** The smallest segment that Kafka allows: 1 MiB. */
    private static final String SEGMENT_BYTES = String.valueOf(1024 * 1024);

    private BrokerSettings() {}

    /** One broker and controller, with the ports of its listeners. */
    record Node(int id, int port, int controllerPort) {

        static Node withFreePorts(int id) {
            return new Node(id, FreePort.pick(), FreePort.pick());
        }
    }

    /** @param cluster all nodes, with {@code self} */
    static Map<String, String> of(Path log, Node self, List<Node> cluster) {
        Map<String, String> settings = new HashMap<>();
        identity(settings, self, log);
        network(settings, self, cluster);
        replicas(settings, Math.min(3, cluster.size()));
        internalTopics(settings);
        groups(settings);
        if (cluster.size() == 1) {
            brokerSession(settings);
        }
        retention(settings);
        return Map.copyOf(settings);
    }

    static String lines(Map<String, String> settings) {
        return settings.entrySet().stream().map(setting -> setting.getKey() + "=" + setting.getValue() + "\n").sorted()
                .collect(Collectors.joining());
    }

    private static void identity(Map<String, String> settings, Node self, Path log) {
        settings.put("node.id", String.valueOf(self.id()));
        settings.put("process.roles", "broker,controller");
        settings.put("log.dirs", log.toString());
        settings.put("auto.create.topics.enable", "false");
    }

    private static void network(Map<String, String> settings, Node self, List<Node> cluster) {
        String client = "CLIENT://" + Loopback.ADDRESS + ":" + self.port();
        settings.put("listeners", client + ",CONTROLLER://" + controller(self));
        settings.put("advertised.listeners", client);
        settings.put("listener.security.protocol.map", "CLIENT:PLAINTEXT,CONTROLLER:PLAINTEXT");
        settings.put("inter.broker.listener.name", "CLIENT");
        settings.put("controller.listener.names", "CONTROLLER");
        settings.put("controller.quorum.voters",
                cluster.stream().map(node -> node.id() + "@" + controller(node)).collect(Collectors.joining(",")));
    }

    private static String controller(Node node) {
        return Loopback.ADDRESS + ":" + node.controllerPort();
    }

    /** With two replicas in sync no acknowledged record is on one disk only. */
    private static void replicas(Map<String, String> settings, int replicas) {
        for (String key : new String[]{"default", "offsets.topic", "transaction.state.log",
            "share.coordinator.state.topic"}) {
            settings.put(key + ".replication.factor", String.valueOf(replicas));
        }
        for (String key : new String[]{"min.insync.replicas", "transaction.state.log.min.isr",
            "share.coordinator.state.topic.min.isr"}) {
            settings.put(key, String.valueOf(Math.min(2, replicas)));
        }
    }

    /**
     * Few partitions, because each one adds a directory and a leader election to the start. Small segments, because
     * only closed segments are compacted, and a start reads everything: the authority commits up to 70 times a second.
     */
    private static void internalTopics(Map<String, String> settings) {
        settings.put("offsets.topic.segment.bytes", SEGMENT_BYTES);
        settings.put("transaction.state.log.segment.bytes", SEGMENT_BYTES);
        settings.put("offsets.topic.num.partitions", "4");
        settings.put("transaction.state.log.num.partitions", "4");
        settings.put("share.coordinator.state.topic.num.partitions", ONE);
    }

    /** No initial rebalance delay, and a dead member is detected within 6 s instead of Kafka's default of 45 s. */
    private static void groups(Map<String, String> settings) {
        settings.put("group.initial.rebalance.delay.ms", "0");
        settings.put("group.streams.initial.rebalance.delay.ms", "0");
        for (String protocol : new String[]{"group.streams.", "group.consumer."}) {
            settings.put(protocol + "min.session.timeout.ms", "6000");
            settings.put(protocol + "session.timeout.ms", "6000");
            settings.put(protocol + "min.heartbeat.interval.ms", "300");
            settings.put(protocol + "heartbeat.interval.ms", "300");
        }
        // An abandoned transaction blocks read_committed consumers until this check aborts it.
        settings.put("transaction.abort.timed.out.transaction.cleanup.interval.ms", "1000");
    }

    /**
     * After a kill the controller admits the restarted broker only when the session of the killed one has timed out.
     * Broker and controller share this JVM, so a short session cannot mistake a slow network for a death. After a pause
     * of the JVM the next heartbeat ends the fencing of the broker.
     */
    private static void brokerSession(Map<String, String> settings) {
        settings.put("broker.heartbeat.interval.ms", "250");
        settings.put("broker.session.timeout.ms", "1500");
    }

    private static void retention(Map<String, String> settings) {
        // Without committed offsets, a stack that was stopped for weeks would process all records again.
        settings.put("offsets.retention.minutes", String.valueOf(10 * 365 * 24 * 60));
        // Kafka's default of 128 MiB is for millions of keys, and this heap is shared with the services.
        settings.put("log.cleaner.dedupe.buffer.size", String.valueOf(8 * 1024 * 1024));
    }
}

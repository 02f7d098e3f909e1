package io.firstcome.testing;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.firstcome.embedded.EmbeddedRedis;
import io.firstcome.embedded.process.FreePort;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.util.JedisClusterCRC16;

/** Three primaries of a cluster, each with a third of the slots, and with one replica or none. */
public final class RedisCluster implements AutoCloseable {

    private static final int SLOTS = 16_384;
    private static final int NODES = 3;
    /** The nodes of a cluster talk to each other on a second port, which another program may have. */
    private static final int BUS_OFFSET = 10_000;

    private final List<Node> nodes;
    private final List<Node> replicas;

    /** One node, and a client that follows no redirection. */
    public static final class Node {

        private final Path directory = KafkaServer.directory("redis-cluster");
        private final int port;
        private EmbeddedRedis server;
        private final RedisClient client;

        private Node() {
            port = IntStream.generate(FreePort::pick).filter(it -> isFree(it + BUS_OFFSET)).findFirst().orElseThrow();
            start();
            client = RedisClient.create(server.uri());
        }

        private void start() {
            server = EmbeddedRedis.start(directory, port, "--cluster-enabled", "yes", "--cluster-node-timeout", "1000",
                    "--cluster-require-full-coverage", "no", "--repl-diskless-sync-delay", "0");
        }

        public RedisClient client() {
            return client;
        }

        /** The name under which clients know the node. */
        public String name() {
            return "127.0.0.1:" + port;
        }

        public void kill() {
            server.kill();
        }

        /** Starts the node again with its slots and without its data. */
        public void startAgain() {
            start();
            client.getPool().clear();
        }

        /** Whether the node has slots, or has taken over those of its primary. */
        public boolean isPrimary() {
            return client.info("replication").contains("role:master");
        }

        /** Makes this replica the primary, with the data that it has: {@code CLUSTER FAILOVER} with an option. */
        public void failOver(String... option) {
            cluster(Stream.concat(Stream.of("FAILOVER"), Stream.of(option)).toArray(String[]::new));
        }

        /** This replica gets no more data: its data grow old. */
        public void cutFrom(Node primary) {
            client.configSet("masterauth", "wrong");
            primary.client.executeCommand(new CommandArguments(Command.CLIENT).add("KILL").add("TYPE").add("replica"));
            awaitLink("down");
        }

        private void awaitLink(String status) {
            await().until(() -> client.info("replication").contains("master_link_status:" + status));
        }

        private void follow(Node primary) {
            // The node may not have heard of the primary yet.
            await().ignoreExceptions().until(() -> cluster("REPLICATE", primary.id()).equals("OK"));
            awaitLink("up");
        }

        String id() {
            return cluster("MYID");
        }

        String cluster(String... arguments) {
            var command = new CommandArguments(Command.CLUSTER);
            List.of(arguments).forEach(command::add);
            Object reply = client.executeCommand(command);
            return reply instanceof byte[] bytes ? new String(bytes) : String.valueOf(reply);
        }
    }

    private RedisCluster(List<Node> nodes, List<Node> replicas) {
        this.nodes = nodes;
        this.replicas = replicas;
    }

    /** Three nodes without replicas. Returns when every node knows who has which slot. */
    public static RedisCluster start() {
        return start(0);
    }

    /** Six nodes. Returns when every node knows who has which slot, and every replica has a copy of its primary. */
    public static RedisCluster startWithReplicas() {
        return start(NODES);
    }

    private static RedisCluster start(int replicaCount) {
        List<Node> nodes = newNodes(NODES);
        List<Node> replicas = newNodes(replicaCount);
        for (int i = 0; i < NODES; i++) {
            var slots = new CommandArguments(Command.CLUSTER).add("ADDSLOTS");
            IntStream.range(i * SLOTS / NODES, (i + 1) * SLOTS / NODES).forEach(slots::add);
            nodes.get(i).client.executeCommand(slots);
            nodes.get(i).cluster("MEET", "127.0.0.1", String.valueOf(nodes.getFirst().port));
        }
        var cluster = new RedisCluster(nodes, replicas);
        replicas.forEach(replica -> replica.cluster("MEET", "127.0.0.1", String.valueOf(nodes.getFirst().port)));
        cluster.awaitComplete();
        for (int i = 0; i < replicaCount; i++) {
            replicas.get(i).follow(nodes.get(i));
        }
        cluster.awaitReplicas();
        return cluster;
    }

    private static List<Node> newNodes(int count) {
        return IntStream.range(0, count).mapToObj(_ -> new Node()).toList();
    }

    /** Without this a primary could miss its replica's request to take over. */
    private void awaitReplicas() {
        await().ignoreExceptions().until(() -> Stream.concat(nodes.stream(), replicas.stream())
                .allMatch(node -> node.cluster("NODES").lines().filter(line -> line.contains("slave"))
                        .count() == replicas.size()));
    }

    /** Returns when every node knows that all slots are served. */
    public void awaitComplete() {
        await().ignoreExceptions().until(() -> nodes.stream().allMatch(node -> {
            String info = node.cluster("INFO");
            return info.contains("cluster_state:ok") && info.contains("cluster_slots_ok:" + SLOTS)
                    && info.contains("cluster_size:" + NODES);
        }));
    }

    private static boolean isFree(int port) {
        try (var _ = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** The URL of a cluster, with the nodes that are primaries at the start. */
    public String uri() {
        return nodes.stream().map(Node::name).collect(Collectors.joining(",", "redis-cluster://", ""));
    }

    /** The settings for an ingress that uses this cluster, with a projector group that no other servers share. */
    public Map<String, String> environment() {
        return Map.of("FIRSTCOME_REDIS_URL", uri(), "FIRSTCOME_GATE_GROUP", "gate-" + nodes.getFirst().port);
    }

    /** The nodes that are primaries at the start. */
    public List<Node> nodes() {
        return nodes;
    }

    /** The node that is the replica of a primary at the start. */
    public Node replicaOf(Node primary) {
        return replicas.get(nodes.indexOf(primary));
    }

    /** The node that had the slot of a key at the start. */
    public Node nodeOf(String key) {
        int slot = JedisClusterCRC16.getSlot(key);
        return nodes.stream().skip(1).reduce(nodes.getFirst(),
                (found, node) -> slot >= nodes.indexOf(node) * SLOTS / NODES ? node : found);
    }

    /** Begins to move the slot of these keys: the old node redirects with ASK. */
    public void beginMove(List<String> keys, Node from, Node to) {
        String slot = String.valueOf(JedisClusterCRC16.getSlot(keys.getFirst()));
        to.cluster("SETSLOT", slot, "IMPORTING", from.id());
        from.cluster("SETSLOT", slot, "MIGRATING", to.id());
        var migrate = new CommandArguments(Command.MIGRATE).add("127.0.0.1").add(to.port).add("").add(0).add(5000)
                .add("KEYS");
        keys.forEach(migrate::add);
        from.client.executeCommand(migrate);
    }

    /** Ends the move of a slot: the old node redirects with MOVED. */
    public void endMove(String key, Node to) {
        String slot = String.valueOf(JedisClusterCRC16.getSlot(key));
        nodes.forEach(node -> node.cluster("SETSLOT", slot, "NODE", to.id()));
    }

    @Override
    public void close() {
        Stream.concat(nodes.stream(), replicas.stream()).forEach(node -> {
            node.client.close();
            node.server.close();
        });
    }
}

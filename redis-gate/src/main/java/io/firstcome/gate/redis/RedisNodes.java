package io.firstcome.gate.redis;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.IntStream;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.firstcome.gate.redis.LuaScript.Call;
import redis.clients.jedis.BuilderFactory;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.CommandObject;
import redis.clients.jedis.Connection;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.exceptions.JedisAskDataException;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.exceptions.JedisNoScriptException;
import redis.clients.jedis.exceptions.JedisRedirectionException;
import redis.clients.jedis.providers.ClusterConnectionProvider;
import redis.clients.jedis.providers.ConnectionProvider;
import redis.clients.jedis.providers.SentineledConnectionProvider;
import redis.clients.jedis.util.JedisClusterCRC16;
import redis.clients.jedis.util.Pool;

/**
 * The servers that scripts run on: one server, the primary that sentinels name, or the primaries of a cluster. A script
 * runs on the node that has its keys. Nothing connects before the first use, so Redis need not be reachable.
 */
public final class RedisNodes implements AutoCloseable {

    /** The name of the only node; in a cluster, of any node while it is not known which node has which slot. */
    public static final String ANY = "any";

    private static final Logger LOG = LoggerFactory.getLogger(RedisNodes.class);
    private static final int SLOTS = 16_384;
    /** How long one answer about the topology is used: long enough that no failure makes a flood of questions. */
    private static final Duration REFRESH_INTERVAL = Duration.ofMillis(100);
    /** Errors of a replica, of a replica without its primary, and of a cluster that is down. */
    private static final List<String> WRONG_SERVER = List.of("READONLY ", "MASTERDOWN ", "CLUSTERDOWN ");
    private static final CommandObject<String> ASKING = new CommandObject<>(
            new CommandArguments(Protocol.Command.ASKING), BuilderFactory.STRING);

    private final RedisSettings settings;
    private final AtomicLong refreshedNanos = new AtomicLong(System.nanoTime() - REFRESH_INTERVAL.toNanos());
    private volatile Client client;
    private boolean closed;

    /** The connections, and a client for single commands that uses them. */
    record Client(ConnectionProvider connections, UnifiedJedis commands) {}

    RedisNodes(RedisSettings settings) {
        this.settings = settings;
    }

    private Client client() {
        Client connected = client;
        return connected != null ? connected : connect();
    }

    private synchronized Client connect() {
        if (closed) {
            throw new JedisConnectionException("the client is closed");
        }
        if (client == null) {
            client = settings.connect();
        }
        return client;
    }

    /**
     * A client for single commands. A cluster's client follows redirections.
     *
     * @throws JedisException when Redis cannot be reached
     */
    public UnifiedJedis commands() {
        return client().commands();
    }

    /** Whether the servers are nodes of a cluster: then one of them can fail alone. */
    public boolean isCluster() {
        return settings.address().topology() == RedisAddress.Topology.CLUSTER;
    }

    /** The node that has a key; {@link #ANY} when there is only one, or while this is not known. Does not connect. */
    public String nodeOf(String key) {
        Client connected = client;
        if (connected == null || !(connected.connections() instanceof ClusterConnectionProvider cluster)) {
            return ANY;
        }
        HostAndPort node = cluster.getNode(JedisClusterCRC16.getSlot(key));
        return node == null ? ANY : node.toString();
    }

    /**
     * All nodes that have keys.
     *
     * @throws JedisException when Redis cannot be reached
     */
    public Set<String> all() {
        if (!(client().connections() instanceof ClusterConnectionProvider cluster)) {
            return Set.of(ANY);
        }
        Set<String> nodes = new LinkedHashSet<>();
        IntStream.range(0, SLOTS).mapToObj(cluster::getNode).filter(Objects::nonNull)
                .forEach(node -> nodes.add(node.toString()));
        return nodes;
    }

    /**
     * Takes a connection to a node, which {@link Connection#close} returns.
     *
     * @throws JedisException when the node cannot be reached
     */
    Connection connection(String node) {
        ConnectionProvider connections = client().connections();
        return connections instanceof ClusterConnectionProvider cluster && !node.equals(ANY)
                ? cluster.getConnection(HostAndPort.from(node))
                : connections.getConnection();
    }

    /**
     * Opens all connections to a node.
     *
     * @throws JedisException when the node cannot be reached
     */
    public void warmUp(String node) {
        pools(node).forEach(pool -> pool.addObjects(settings.connections()));
    }

    /** Drops the connections to a node that are not in use: each would fail once more after a replacement started. */
    public void dropConnections(String node) {
        pools(node).forEach(Pool::clear);
    }

    private Collection<? extends Pool<?>> pools(String node) {
        Client connected = client;
        if (connected == null) {
            return List.of();
        }
        if (connected.connections() instanceof ClusterConnectionProvider cluster && !node.equals(ANY)) {
            Pool<Connection> pool = cluster.getNodes().get(node);
            return pool == null ? List.of() : List.of(pool);
        }
        return connected.connections().getConnectionMap().values().stream().map(pool -> (Pool<?>) pool).toList();
    }

    /**
     * Asks anew where the primaries are: a server may have become a replica, a slot may have moved. Does nothing when
     * this was asked a moment ago. Never fails.
     */
    public void refresh() {
        long last = refreshedNanos.get();
        long now = System.nanoTime();
        Client connected = client;
        if (connected == null || now - last < REFRESH_INTERVAL.toNanos() || !refreshedNanos.compareAndSet(last, now)) {
            return;
        }
        switch (connected.connections()) {
            case ClusterConnectionProvider cluster -> cluster.renewSlotCache();
            case SentineledConnectionProvider sentinels -> follow(sentinels);
            default -> dropConnections(ANY);
        }
    }

    /**
     * The client listens to the sentinels and switches by itself. But a firewall may have dropped all those idle
     * connections unnoticed, so after a failure the sentinels are asked too.
     */
    private void follow(SentineledConnectionProvider sentinels) {
        for (HostAndPort sentinel : settings.address().servers()) {
            try (var asked = new Jedis(sentinel, settings.sentinelConfig())) {
                List<String> primary = asked.sentinelGetMasterAddrByName(settings.address().primary());
                if (primary != null && primary.size() == 2) {
                    var named = new HostAndPort(primary.get(0), Integer.parseInt(primary.get(1)));
                    if (!named.equals(sentinels.getCurrentMaster())) {
                        reconnect(sentinels);
                    } else {
                        dropConnections(ANY);
                    }
                    return;
                }
            } catch (JedisException e) {
                LOG.debug("the sentinel {} does not answer", sentinel, e);
            }
        }
    }

    private synchronized void reconnect(SentineledConnectionProvider old) {
        if (!closed && client.connections() == old) {
            try {
                client = settings.connect();
                old.close();
            } catch (JedisException e) {
                LOG.debug("no sentinel answers any more", e);
            }
        }
    }

    /**
     * Runs a script many times, in one round trip to each node. If a node has forgotten the script, it is loaded and
     * those runs, which did nothing, are repeated. So are runs that a node redirected.
     *
     * @return for each call in order: the reply; a {@link JedisDataException} where Redis refused it; another
     *         {@link JedisException} where the node could not be reached, and the call may or may not have run
     */
    public List<Object> runAll(LuaScript script, List<Call> calls) {
        Object[] replies = new Object[calls.size()];
        byNode(calls).forEach((node, indices) -> run(node, false, script, calls, indices, replies));
        Map<Redirection, List<Integer>> redirected = new LinkedHashMap<>();
        boolean isStale = false;
        for (int i = 0; i < replies.length; i++) {
            if (replies[i] instanceof JedisRedirectionException e) {
                redirected.computeIfAbsent(
                        new Redirection(e.getTargetNode().toString(), e instanceof JedisAskDataException),
                        _ -> new ArrayList<>()).add(i);
            }
            // A script answers some claims and has errors for others.
            isStale |= isFromWrongServer(replies[i]) || replies[i] instanceof List<?> parts
                    && parts.stream().anyMatch(RedisNodes::isFromWrongServer);
        }
        if (isStale) {
            refresh();
        }
        redirected.forEach((to, indices) -> run(to.node(), to.asking(), script, calls, indices, replies));
        return new ArrayList<>(Arrays.asList(replies));
    }

    private record Redirection(String node, boolean asking) {}

    /**
     * Whether another server may be able to do what this one refused, or did not do. Redis 6 puts the place in the
     * script before the error of a command.
     */
    static boolean isFromWrongServer(Object reply) {
        return switch (reply) {
            case JedisAskDataException _ -> false;
            case JedisRedirectionException _ -> true;
            case JedisDataException e -> e.getMessage() != null
                    && WRONG_SERVER.stream().anyMatch(e.getMessage()::contains);
            case JedisException _ -> true;
            case null, default -> false;
        };
    }

    /** Whether one node has some keys of the script and another node the rest, because their slot moves. */
    public static boolean isBetweenNodes(Object reply) {
        return reply instanceof JedisDataException e && e.getMessage() != null
                && e.getMessage().startsWith("TRYAGAIN ");
    }

    private Map<String, List<Integer>> byNode(List<Call> calls) {
        client();
        Map<String, List<Integer>> nodes = new LinkedHashMap<>();
        for (int i = 0; i < calls.size(); i++) {
            nodes.computeIfAbsent(nodeOf(calls.get(i).keys().getFirst()), _ -> new ArrayList<>()).add(i);
        }
        return nodes;
    }

    private void run(String node, boolean asking, LuaScript script, List<Call> calls, List<Integer> indices,
            Object[] replies) {
        try (Connection connection = connection(node)) {
            run(connection, asking, script, calls, indices, replies);
            List<Integer> forgotten = indices.stream().filter(i -> replies[i] instanceof JedisNoScriptException)
                    .toList();
            if (!forgotten.isEmpty()) {
                load(connection, script);
                run(connection, asking, script, calls, forgotten, replies);
            }
        } catch (JedisException e) {
            indices.forEach(i -> replies[i] = e);
        }
    }

    private static void run(Connection connection, boolean asking, LuaScript script, List<Call> calls,
            List<Integer> indices, Object[] replies) {
        var pipeline = new Pipeline(connection);
        for (int i : indices) {
            if (asking) {
                pipeline.appendCommand(ASKING);
            }
            pipeline.evalsha(script.sha1(), calls.get(i).keys(), calls.get(i).arguments());
        }
        List<Object> all = pipeline.syncAndReturnAll();
        int each = asking ? 2 : 1;
        for (int i = 0; i < indices.size(); i++) {
            replies[indices.get(i)] = all.get(i * each + each - 1);
        }
    }

    private static void load(Connection connection, LuaScript script) {
        connection.executeCommand(new CommandArguments(Protocol.Command.SCRIPT).add("LOAD").add(script.source()));
    }

    /**
     * Loads scripts on every node.
     *
     * @return the nodes that failed, with the cause
     * @throws JedisException when no server of a cluster and no sentinel can be reached
     */
    public Map<String, JedisException> load(List<LuaScript> scripts) {
        return onEach(connection -> scripts.forEach(script -> load(connection, script)));
    }

    /**
     * Sends a PING to every node.
     *
     * @return the nodes that failed, with the cause
     * @throws JedisException when no server of a cluster and no sentinel can be reached
     */
    public Map<String, JedisException> ping() {
        return onEach(Connection::ping);
    }

    private Map<String, JedisException> onEach(Consumer<Connection> work) {
        Map<String, JedisException> failed = new LinkedHashMap<>();
        for (String node : all()) {
            try (Connection connection = connection(node)) {
                work.accept(connection);
            } catch (JedisException e) {
                failed.put(node, e);
            }
        }
        return failed;
    }

    /** Where Redis is, without credentials. */
    public RedisAddress address() {
        return settings.address();
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (client != null) {
            client.commands().close();
        }
    }
}

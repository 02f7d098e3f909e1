package io.firstcome.gate.redis;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import redis.clients.jedis.Connection;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.Response;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.exceptions.JedisRedirectionException;

/**
 * Runs scripts in order, with few round trips to each node. Reading from a socket has a timeout, but writing to a
 * socket that the server does not read from has none. So the pipeline of a node never has more unanswered bytes than
 * the buffers of a socket hold. When a node fails, the runs on the other nodes still happen. Runs that a node
 * redirects, because their slot moves, follow when all other runs have happened. Where neither node has all keys, the
 * run is left out: Redis may refuse such runs for as long as the slot moves, and they must not hold up those on other
 * keys.
 */
public final class ScriptPipeline implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ScriptPipeline.class);
    private static final int MAX_UNANSWERED_BYTES = 32_768;
    /** The most that the protocol adds to each argument. */
    private static final int FRAME_BYTES = 8;

    private final RedisNodes redis;
    private final Map<String, NodePipeline> pipelines = new LinkedHashMap<>();
    private final Map<String, JedisException> failed = new LinkedHashMap<>();

    private record Run(LuaScript script, LuaScript.Call call, Response<Object> reply) {

        /**
         * Whether another node has the keys, or gets them.
         *
         * @throws JedisException when the run failed
         */
        boolean isRedirected() {
            try {
                reply.get();
                return false;
            } catch (JedisRedirectionException e) {
                return true;
            } catch (JedisDataException e) {
                if (RedisNodes.isBetweenNodes(e)) {
                    return true;
                }
                throw e;
            }
        }
    }

    private static final class NodePipeline {

        private final Connection connection;
        private final Pipeline pipeline;
        private final List<Run> runs = new ArrayList<>();
        private int unansweredBytes;

        NodePipeline(Connection connection) {
            this.connection = connection;
            this.pipeline = new Pipeline(connection);
        }

        void run(LuaScript script, LuaScript.Call call) {
            int bytes = bytes(call.keys()) + bytes(call.arguments());
            if (unansweredBytes + bytes > MAX_UNANSWERED_BYTES) {
                await();
            }
            runs.add(new Run(script, call, pipeline.evalsha(script.sha1(), call.keys(), call.arguments())));
            unansweredBytes += bytes;
        }

        void await() {
            pipeline.sync();
            unansweredBytes = 0;
        }
    }

    /** Takes one connection to each node that is used, until {@link #close}. */
    public ScriptPipeline(RedisNodes redis) {
        this.redis = redis;
    }

    /** Runs a script that Redis has loaded, at once or with later runs; not on a node that has failed. */
    public void run(LuaScript script, List<String> keys, List<String> arguments) {
        String node = redis.nodeOf(keys.getFirst());
        if (failed.containsKey(node)) {
            return;
        }
        try {
            NodePipeline pipeline = pipelines.get(node);
            if (pipeline == null) {
                pipeline = new NodePipeline(redis.connection(node));
                pipelines.put(node, pipeline);
            }
            pipeline.run(script, new LuaScript.Call(keys, arguments));
        } catch (JedisException e) {
            failed.put(node, e);
        }
    }

    /** Ids and numbers have one byte per character. */
    private static int bytes(List<String> texts) {
        return texts.stream().mapToInt(text -> text.length() + FRAME_BYTES).sum();
    }

    /**
     * Waits for all replies.
     *
     * @return the nodes on which any run may not have happened, with the first cause; empty when all runs happened but
     *         those on keys that are between two nodes
     */
    public Map<String, JedisException> complete() {
        List<Run> redirected = new ArrayList<>();
        pipelines.forEach((node, pipeline) -> {
            if (!failed.containsKey(node)) {
                try {
                    pipeline.await();
                    pipeline.runs.stream().filter(Run::isRedirected).forEach(redirected::add);
                } catch (JedisException e) {
                    failed.put(node, e);
                }
            }
        });
        redirected.forEach(this::follow);
        if (failed.values().stream().anyMatch(RedisNodes::isFromWrongServer)) {
            redis.refresh();
        }
        return failed;
    }

    private void follow(Run run) {
        String key = run.call().keys().getFirst();
        if (failed.containsKey(redis.nodeOf(key))) {
            return;
        }
        Object reply = redis.runAll(run.script(), List.of(run.call())).getFirst();
        if (RedisNodes.isBetweenNodes(reply)) {
            LOG.debug("no node has all keys of {}, whose slot moves", run.call().keys());
        } else if (reply instanceof JedisException e) {
            failed.put(redis.nodeOf(key), e);
        }
    }

    /** The nodes whose runs have all happened; valid after {@link #complete}. */
    public List<String> succeeded() {
        return pipelines.keySet().stream().filter(node -> !failed.containsKey(node)).toList();
    }

    @Override
    public void close() {
        pipelines.values().forEach(pipeline -> pipeline.connection.close());
    }
}

package io.firstcome.gate.redis;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import redis.clients.jedis.Connection;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.Response;
import redis.clients.jedis.exceptions.JedisException;

/**
 * Runs scripts in order, with few round trips to each node. Reading from a socket has a timeout, but writing to a
 * socket that the server does not read from has none. So the pipeline of a node never has more unanswered bytes than
 * the buffers of a socket hold. When a node fails, the runs on the other nodes still happen.
 */
public final class ScriptPipeline implements AutoCloseable {

    private static final int MAX_UNANSWERED_BYTES = 32_768;
    /** The most that the protocol adds to each argument. */
    private static final int FRAME_BYTES = 8;

    private final RedisNodes redis;
    private final Map<String, NodePipeline> pipelines = new LinkedHashMap<>();
    private final Map<String, JedisException> failed = new LinkedHashMap<>();

    private static final class NodePipeline {

        private final Connection connection;
        private final Pipeline pipeline;
        private final List<Response<Object>> replies = new ArrayList<>();
        private int unansweredBytes;

        NodePipeline(Connection connection) {
            this.connection = connection;
            this.pipeline = new Pipeline(connection);
        }

        void run(LuaScript script, List<String> keys, List<String> arguments) {
            int bytes = bytes(keys) + bytes(arguments);
            if (unansweredBytes + bytes > MAX_UNANSWERED_BYTES) {
                await();
            }
            replies.add(pipeline.evalsha(script.sha1(), keys, arguments));
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
            pipeline.run(script, keys, arguments);
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
     * @return the nodes on which any run may not have happened, with the first cause; empty when all runs happened
     */
    public Map<String, JedisException> complete() {
        pipelines.forEach((node, pipeline) -> {
            if (!failed.containsKey(node)) {
                try {
                    pipeline.await();
                    pipeline.replies.forEach(Response::get);
                } catch (JedisException e) {
                    failed.put(node, e);
                }
            }
        });
        if (failed.values().stream().anyMatch(RedisNodes::isFromWrongServer)) {
            redis.refresh();
        }
        return failed;
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

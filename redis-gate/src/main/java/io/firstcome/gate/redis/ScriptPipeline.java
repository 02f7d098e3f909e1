package io.firstcome.gate.redis;

import java.util.ArrayList;
import java.util.List;

import redis.clients.jedis.AbstractPipeline;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.Response;

/**
 * Runs scripts in order, with few round trips. Reading from a socket has a timeout, but writing to a socket that the
 * server does not read from has none. So the pipeline never has more unanswered bytes than the buffers of a socket
 * hold.
 */
public final class ScriptPipeline implements AutoCloseable {

    private static final int MAX_UNANSWERED_BYTES = 32_768;
    /** The most that the protocol adds to each argument. */
    private static final int FRAME_BYTES = 8;

    private final AbstractPipeline pipeline;
    private final List<Response<Object>> replies = new ArrayList<>();
    private int unansweredBytes;

    /** Takes a connection until {@link #close}. */
    public ScriptPipeline(RedisClient redis) {
        this.pipeline = redis.pipelined();
    }

    /**
     * Runs a script that Redis has loaded, at once or with later runs.
     *
     * @throws redis.clients.jedis.exceptions.JedisConnectionException when Redis does not answer; earlier runs may or
     *         may not have happened
     */
    public void run(LuaScript script, List<String> keys, List<String> arguments) {
        int bytes = bytes(keys) + bytes(arguments);
        if (unansweredBytes + bytes > MAX_UNANSWERED_BYTES) {
            await();
        }
        replies.add(pipeline.evalsha(script.sha1(), keys, arguments));
        unansweredBytes += bytes;
    }

    /** Ids and numbers have one byte per character. */
    private static int bytes(List<String> texts) {
        return texts.stream().mapToInt(text -> text.length() + FRAME_BYTES).sum();
    }

    private void await() {
        pipeline.sync();
        unansweredBytes = 0;
    }

    /**
     * Waits for all replies.
     *
     * @throws redis.clients.jedis.exceptions.JedisException when any run may not have happened
     */
    public void complete() {
        await();
        replies.forEach(Response::get);
    }

    @Override
    public void close() {
        pipeline.close();
    }
}

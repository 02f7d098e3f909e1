package io.firstcome.gate.projection;

import java.util.ArrayList;
import java.util.List;

import io.firstcome.gate.redis.LuaScript;
import redis.clients.jedis.AbstractPipeline;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.Response;

/**
 * Runs scripts in order, with few round trips. Only reading from a socket has a time-out, writing to one that nobody
 * empties has none: so no more is written before the next reading than the buffers of a socket take anyway.
 */
final class ScriptPipeline implements AutoCloseable {

    private static final int LARGEST_PIECE_BYTES = 32_768;
    /** What the protocol adds to each argument, at most. */
    private static final int FRAME_BYTES = 8;

    private final AbstractPipeline pipeline;
    private final List<Response<Object>> replies = new ArrayList<>();
    private int unansweredBytes;

    ScriptPipeline(RedisClient redis) {
        this.pipeline = redis.pipelined();
    }

    /**
     * Runs a script that Redis knows, now or later.
     *
     * @throws redis.clients.jedis.exceptions.JedisConnectionException when Redis does not answer; earlier runs may have
     *         been made or not
     */
    void run(LuaScript script, List<String> keys, List<String> arguments) {
        int bytes = bytes(keys) + bytes(arguments);
        if (unansweredBytes + bytes > LARGEST_PIECE_BYTES) {
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

    /** @throws redis.clients.jedis.exceptions.JedisException when any run may not have been made */
    void complete() {
        await();
        replies.forEach(Response::get);
    }

    @Override
    public void close() {
        pipeline.close();
    }
}

package io.firstcome.gate.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;

import redis.clients.jedis.Pipeline;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.exceptions.JedisNoScriptException;

/**
 * A script that Redis runs as one step.
 *
 * @param source the Lua text
 * @param sha1 the name under which Redis knows it
 */
public record LuaScript(String source, String sha1) {

    /** What one run of it is about. */
    public record Call(List<String> keys, List<String> arguments) {}

    /** The script in a resource that stands beside {@code owner}. */
    public static LuaScript beside(Class<?> owner, String resource) {
        try (InputStream in = owner.getResourceAsStream(resource)) {
            byte[] source = in.readAllBytes();
            byte[] digest = MessageDigest.getInstance("SHA-1").digest(source);
            return new LuaScript(new String(source, StandardCharsets.UTF_8), HexFormat.of().formatHex(digest));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Runs it. Redis forgets scripts when it restarts; then the text is sent once more. */
    public Object run(RedisClient redis, List<String> keys, List<String> arguments) {
        try {
            return redis.evalsha(sha1, keys, arguments);
        } catch (JedisNoScriptException e) {
            return redis.eval(source, keys, arguments);
        }
    }

    /**
     * Runs it many times in one round trip. If Redis has forgotten it, those runs are made up for; they have done nothing.
     *
     * @return what each call brought, in order; a {@link redis.clients.jedis.exceptions.JedisDataException} in place of
     *         a reply where Redis refused it
     * @throws redis.clients.jedis.exceptions.JedisException when Redis is not reached; each may have run or not
     */
    public List<Object> runAll(RedisClient redis, List<Call> calls) {
        List<Object> replies = pipelined(redis, calls);
        List<Integer> forgotten = IntStream.range(0, replies.size())
                .filter(i -> replies.get(i) instanceof JedisNoScriptException).boxed().toList();
        if (!forgotten.isEmpty()) {
            redis.scriptLoad(source);
            List<Object> madeUp = pipelined(redis, forgotten.stream().map(calls::get).toList());
            IntStream.range(0, madeUp.size()).forEach(i -> replies.set(forgotten.get(i), madeUp.get(i)));
        }
        return replies;
    }

    private List<Object> pipelined(RedisClient redis, List<Call> calls) {
        try (Pipeline pipeline = redis.pipelined()) {
            calls.forEach(call -> pipeline.evalsha(sha1, call.keys(), call.arguments()));
            return pipeline.syncAndReturnAll();
        }
    }
}

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
 * @param sha1 the hash under which Redis knows the script
 */
public record LuaScript(String source, String sha1) {

    /** The keys and arguments of one run. */
    public record Call(List<String> keys, List<String> arguments) {}

    /** Reads the script from a resource in the package of {@code owner}. */
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

    /** Runs the script. Redis forgets scripts when it restarts; then the text is sent again. */
    public Object run(RedisClient redis, List<String> keys, List<String> arguments) {
        try {
            return redis.evalsha(sha1, keys, arguments);
        } catch (JedisNoScriptException e) {
            return redis.eval(source, keys, arguments);
        }
    }

    /**
     * Runs the script many times in one round trip. If Redis has forgotten it, the script is loaded and those runs,
     * which did nothing, are repeated.
     *
     * @return the reply of each call, in order; a {@link redis.clients.jedis.exceptions.JedisDataException} in place of
     *         a reply where Redis refused it
     * @throws redis.clients.jedis.exceptions.JedisException when Redis cannot be reached; each call may or may not have
     * run
     */
    public List<Object> runAll(RedisClient redis, List<Call> calls) {
        List<Object> replies = pipelined(redis, calls);
        List<Integer> forgotten = IntStream.range(0, replies.size())
                .filter(i -> replies.get(i) instanceof JedisNoScriptException).boxed().toList();
        if (!forgotten.isEmpty()) {
            redis.scriptLoad(source);
            List<Object> repeated = pipelined(redis, forgotten.stream().map(calls::get).toList());
            IntStream.range(0, repeated.size()).forEach(i -> replies.set(forgotten.get(i), repeated.get(i)));
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

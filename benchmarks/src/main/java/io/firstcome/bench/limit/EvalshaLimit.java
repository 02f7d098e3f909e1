package io.firstcome.bench.limit;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;

import io.firstcome.bench.system.Limit;
import io.firstcome.contract.id.CouponId;
import io.firstcome.gate.admission.AdmissionGate;
import io.firstcome.gate.redis.GateKeys;
import io.firstcome.gate.redis.LuaScript;
import io.firstcome.gate.redis.RedisNodes;
import io.firstcome.gate.redis.RedisSettings;
import redis.clients.jedis.ConnectionPoolConfig;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.util.JedisURIHelper;

/** How many claims per second the gate's own script judges, without the gate around it. */
final class EvalshaLimit implements Limit {

    /** How claims are put into round trips. */
    enum Shape {
        /** One claim in each round trip, on 8 connections. */
        SINGLE("one a round trip", 8, 1, 1),
        /** 128 runs of the script in each round trip, on 2 connections. */
        PIPELINED("pipelined", 2, 128, 1),
        /** One run of the script judges 128 claims, on 2 connections: the gate's way. */
        BATCHED("128 claims a run", 2, 1, 128);

        private final String label;
        private final int connections;
        private final int runs;
        private final int claims;

        Shape(String label, int connections, int runs, int claims) {
            this.label = label;
            this.connections = connections;
            this.runs = runs;
            this.claims = claims;
        }
    }

    private static final LuaScript ADMIT = LuaScript.beside(AdmissionGate.class, "admit.lua");
    private static final String LOG_ID = "bench";
    private static final String SKEW_MILLIS = "500";
    /** Short, so that reservations of earlier claims end during a round, as they do when outcomes are settled. */
    private static final String RESERVATION_MILLIS = "1000";
    private static final long LARGE_STOCK = 1_000_000_000;
    private static final Duration TIMEOUT = Duration.ofSeconds(2);
    private static final Duration DAY = Duration.ofDays(1);

    private final Shape shape;
    private final boolean soldOut;
    private final RedisClient redis;
    private final RedisNodes nodes;
    private final List<String> keys;
    private final AtomicLong users = new AtomicLong();
    private boolean prepared;

    EvalshaLimit(URI uri, Shape shape, boolean soldOut) {
        this.shape = shape;
        this.soldOut = soldOut;
        this.redis = client(uri, shape.connections);
        this.nodes = new RedisSettings(uri, shape.connections, TIMEOUT).nodes();
        this.keys = GateKeys.of(new CouponId("bench-evalsha-" + shape.name() + (soldOut ? "-sold-out" : "-open")));
    }

    private static RedisClient client(URI uri, int connections) {
        var pool = new ConnectionPoolConfig();
        pool.setMaxTotal(connections);
        pool.setMaxIdle(connections);
        return RedisClient.builder().hostAndPort(JedisURIHelper.getHostAndPort(uri)).poolConfig(pool)
                .clientConfig(DefaultJedisClientConfig.builder(uri).build()).build();
    }

    @Override
    public String name() {
        return "EVALSHA " + shape.label + (soldOut ? ", sold out" : ", admits");
    }

    @Override
    public String unit() {
        return "claims/s";
    }

    @Override
    public double round(Duration duration) throws InterruptedException, ExecutionException {
        if (!prepared) {
            prepare();
            prepared = true;
        }
        long start = System.nanoTime();
        long deadline = start + duration.toNanos();
        long judged = 0;
        try (ExecutorService clients = Executors.newFixedThreadPool(shape.connections)) {
            Callable<Long> client = () -> judgeUntil(deadline);
            List<Callable<Long>> all = Collections.nCopies(shape.connections, client);
            for (Future<Long> count : clients.invokeAll(all)) {
                judged += count.get();
            }
        }
        return judged * 1e9 / (System.nanoTime() - start);
    }

    /** Writes the facts of a coupon with a very large stock, or with none. */
    private void prepare() {
        Instant now = Instant.now();
        redis.del(keys.toArray(String[]::new));
        redis.hset(keys.getFirst(), Map.of("log", LOG_ID, "version", "1", "status", "ACTIVE",
                "opensAt", millis(now.minus(DAY)), "closesAt", millis(now.plus(DAY)),
                "stock", soldOut ? "0" : String.valueOf(LARGE_STOCK), "issued", "0"));
        keys.forEach(key -> redis.expire(key, DAY.toSeconds()));
        redis.scriptLoad(ADMIT.source());
    }

    private long judgeUntil(long deadline) {
        String expected = soldOut ? "[SOLD_OUT, 0]" : "[ADMITTED]";
        long judged = 0;
        while (System.nanoTime() < deadline) {
            List<LuaScript.Call> calls = new ArrayList<>(shape.runs);
            for (int i = 0; i < shape.runs; i++) {
                calls.add(new LuaScript.Call(keys, arguments()));
            }
            for (Object replies : replies(calls)) {
                for (Object reply : (List<?>) replies) {
                    if (!reply.toString().equals(expected)) {
                        throw new IllegalStateException(name() + ": unexpected reply " + reply);
                    }
                    judged++;
                }
            }
        }
        return judged;
    }

    private List<Object> replies(List<LuaScript.Call> calls) {
        return shape == Shape.PIPELINED
                ? nodes.runAll(ADMIT, calls)
                : List.of(ADMIT.run(redis, calls.getFirst().keys(), calls.getFirst().arguments()));
    }

    private List<String> arguments() {
        List<String> arguments = new ArrayList<>(7 + 2 * shape.claims);
        arguments.addAll(List.of(millis(Instant.now()), SKEW_MILLIS, RESERVATION_MILLIS, LOG_ID, "1", "0", "0"));
        for (int i = 0; i < shape.claims; i++) {
            String user = "user-" + users.incrementAndGet();
            arguments.add(user);
            arguments.add("01938a3c-5f60-7cc2-9d1e-" + user);
        }
        return arguments;
    }

    private static String millis(Instant time) {
        return String.valueOf(time.toEpochMilli());
    }

    @Override
    public void close() {
        redis.del(keys.toArray(String[]::new));
        redis.close();
        nodes.close();
    }
}

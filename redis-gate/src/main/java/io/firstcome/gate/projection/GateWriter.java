package io.firstcome.gate.projection;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.IntStream;

import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.firstcome.contract.CouponState;
import io.firstcome.contract.id.CouponId;
import io.firstcome.gate.projection.ProjectionBatch.Decision;
import io.firstcome.gate.redis.GateKeys;
import io.firstcome.gate.redis.LuaScript;
import io.firstcome.gate.redis.RedisSettings;
import io.firstcome.gate.redis.ScriptPipeline;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.Response;
import redis.clients.jedis.exceptions.JedisDataException;

/** The projector's reads and writes in Redis. Every write may be repeated, and a late one changes nothing. */
final class GateWriter implements AutoCloseable {

    static final String OFFSETS = "fc:projector:offsets";

    private static final Logger LOG = LoggerFactory.getLogger(GateWriter.class);
    private static final String OFFSET = "\\d{1,18}";
    private static final Duration TIMEOUT = Duration.ofSeconds(2);
    private static final int CONNECTIONS = 2;
    /** Redis serves no other client while a script runs. */
    private static final int DECISIONS_PER_SCRIPT = 100;
    private static final LuaScript SETTLE = LuaScript.beside(GateWriter.class, "settle.lua");
    private static final LuaScript STATE = LuaScript.beside(GateWriter.class, "state.lua");
    private static final LuaScript ADVANCE = LuaScript.beside(GateWriter.class, "advance.lua");

    /**
     * What Redis knows of a coupon.
     *
     * @param issued the count in the facts
     * @param holders how many holders are known; the gate can judge the coupon when there are as many as are counted
     */
    record GateSummary(long version, long issued, long holders) {}

    private final RedisClient redis;
    private final HostAndPort address;
    private final LogIdentity log;
    private final Duration retention;

    /** @param retention how long Redis keeps a coupon after it closes */
    GateWriter(RedisSettings settings, LogIdentity log, Duration retention) {
        this.redis = settings.with(CONNECTIONS, TIMEOUT).client();
        this.address = settings.address();
        this.log = log;
        this.retention = retention;
    }

    /** Loads the scripts, and reads the stored position of each partition; absent where Redis knows none. */
    Map<TopicPartition, Long> positions(Collection<TopicPartition> partitions) {
        List.of(SETTLE, STATE).forEach(script -> redis.scriptLoad(script.source()));
        if (!Set.of("hash", "none").contains(redis.type(OFFSETS))) {
            redis.del(OFFSETS);
        }
        Map<TopicPartition, Long> positions = new HashMap<>();
        for (TopicPartition partition : partitions) {
            String offset = redis.hget(OFFSETS, log.field(partition));
            if (offset != null && offset.matches(OFFSET)) {
                positions.put(partition, Long.valueOf(offset));
            } else if (offset != null) {
                redis.hdel(OFFSETS, log.field(partition));
            }
        }
        return positions;
    }

    /**
     * Writes the decisions and then the states, which count the holders that the decisions add.
     *
     * @throws redis.clients.jedis.exceptions.JedisException when any part may not have been written
     */
    void write(ProjectionBatch batch) {
        try (var runs = new ScriptPipeline(redis)) {
            batch.decisions().forEach((coupon, decisions) -> settle(decisions,
                    arguments -> runs.run(SETTLE, GateKeys.of(coupon), arguments)));
            batch.states().forEach((coupon, state) -> runs.run(STATE, GateKeys.of(coupon), arguments(state)));
            runs.complete();
        }
    }

    private void settle(List<Decision> decisions, Consumer<List<String>> script) {
        for (int from = 0; from < decisions.size(); from += DECISIONS_PER_SCRIPT) {
            List<String> arguments = new ArrayList<>(List.of(log.id(), String.valueOf(retention.toMillis())));
            decisions.subList(from, Math.min(decisions.size(), from + DECISIONS_PER_SCRIPT))
                    .forEach(it -> arguments.addAll(List.of(it.user(), it.requestId(), it.entry())));
            script.accept(arguments);
        }
    }

    private List<String> arguments(CouponState state) {
        List<String> arguments = new ArrayList<>(List.of(log.id(), String.valueOf(retention.toMillis()),
                String.valueOf(state.version()), String.valueOf(state.issued())));
        facts(state).forEach((field, value) -> arguments.addAll(List.of(field, value)));
        return arguments;
    }

    /** The facts that belong to a version of a coupon, in the order in which {@code state.lua} takes them. */
    private static SequencedMap<String, String> facts(CouponState state) {
        var definition = state.definition();
        SequencedMap<String, String> facts = new LinkedHashMap<>();
        facts.put("status", state.status().name());
        facts.put("stock", String.valueOf(definition.stock()));
        facts.put("opensAt", String.valueOf(definition.opensAt().toEpochMilli()));
        facts.put("closesAt", String.valueOf(definition.closesAt().toEpochMilli()));
        return facts;
    }

    /**
     * Moves the stored positions, all or none.
     *
     * @param from the expected position of each partition in {@code to}; absent where Redis is expected to know none
     * @param to the new positions
     * @return whether Redis had the expected positions; if not, Redis was lost, is an old copy, or another process
     * wrote
     */
    boolean advance(Map<TopicPartition, Long> from, Map<TopicPartition, Long> to) {
        List<String> arguments = new ArrayList<>();
        to.forEach((partition, next) -> arguments.addAll(List.of(log.field(partition),
                from.containsKey(partition) ? from.get(partition).toString() : "", next.toString())));
        return Long.valueOf(1).equals(ADVANCE.run(redis, List.of(OFFSETS), arguments));
    }

    /**
     * What Redis knows of some coupons, in their order. Empty for a coupon that has no readable facts of this log, or
     * whose state has not been recorded.
     */
    List<Optional<GateSummary>> summaries(List<CouponId> couponIds) {
        List<Response<List<String>>> facts = new ArrayList<>();
        List<Response<Long>> holders = new ArrayList<>();
        try (var pipeline = redis.pipelined()) {
            for (CouponId couponId : couponIds) {
                List<String> keys = GateKeys.of(couponId);
                // The holders first: a holder who is added between the two must not replace a missing one.
                holders.add(pipeline.hlen(keys.get(1)));
                facts.add(pipeline.hmget(keys.get(0), "log", "version", "issued"));
            }
            pipeline.sync();
        }
        return IntStream.range(0, couponIds.size()).mapToObj(i -> summary(facts.get(i), holders.get(i))).toList();
    }

    private Optional<GateSummary> summary(Response<List<String>> facts, Response<Long> holders) {
        try {
            List<String> values = facts.get();
            return log.id().equals(values.get(0)) && values.get(1) != null
                    ? Optional.of(new GateSummary(Long.parseLong(values.get(1)), Long.parseLong(values.get(2)),
                            holders.get()))
                    : Optional.empty();
        } catch (JedisDataException | NumberFormatException e) {
            LOG.debug("the gate holds keys that the projector did not write", e);
            return Optional.empty();
        }
    }

    /** The address of Redis, for log lines. */
    HostAndPort address() {
        return address;
    }

    /** Drops all connections. */
    void reconnect() {
        redis.getPool().clear();
    }

    @Override
    public void close() {
        redis.close();
    }
}

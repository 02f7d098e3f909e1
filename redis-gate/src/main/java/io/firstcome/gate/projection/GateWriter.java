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
    private static final LuaScript SUMMARY = LuaScript.beside(GateWriter.class, "summary.lua");
    private static final LuaScript ADVANCE = LuaScript.beside(GateWriter.class, "advance.lua");

    /**
     * What Redis knows of a coupon.
     *
     * @param issued the issued count in the facts
     * @param revoked the revoked count in the facts
     * @param known how many sequences are known, held or revoked; the gate can judge the coupon when all that are
     *     counted are known
     * @param removed how many of the known sequences are revoked
     */
    record GateSummary(long version, long issued, long revoked, long known, long removed) {}

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
     * Writes the states and then the decisions. In this order a count never meets the stock or the limit of an earlier
     * definition. A state that counts more than the decisions so far only makes the coupon cold for a moment.
     *
     * @throws redis.clients.jedis.exceptions.JedisException when any part may not have been written
     */
    void write(ProjectionBatch batch) {
        try (var runs = new ScriptPipeline(redis)) {
            batch.states().forEach((coupon, state) -> runs.run(STATE, GateKeys.of(coupon), arguments(state)));
            batch.decisions().forEach((coupon, decisions) -> settle(decisions,
                    arguments -> runs.run(SETTLE, GateKeys.of(coupon), arguments)));
            runs.complete();
        }
    }

    private void settle(List<Decision> decisions, Consumer<List<String>> script) {
        for (int from = 0; from < decisions.size(); from += DECISIONS_PER_SCRIPT) {
            List<Decision> part = decisions.subList(from, Math.min(decisions.size(), from + DECISIONS_PER_SCRIPT));
            long revoked = part.stream().mapToLong(Decision::revoked).max().orElse(0);
            List<String> arguments = new ArrayList<>(List.of(log.id(), String.valueOf(retention.toMillis()),
                    String.valueOf(revoked)));
            part.forEach(it -> arguments.addAll(List.of(it.user(), it.requestId(), it.change())));
            script.accept(arguments);
        }
    }

    private List<String> arguments(CouponState state) {
        List<String> arguments = new ArrayList<>(List.of(log.id(), String.valueOf(retention.toMillis()),
                String.valueOf(state.version()), String.valueOf(state.issued()), String.valueOf(state.revoked())));
        facts(state).forEach((field, value) -> arguments.addAll(List.of(field, value)));
        return arguments;
    }

    /** The facts that belong to a version of a coupon, in the order in which {@code state.lua} takes them. */
    private static SequencedMap<String, String> facts(CouponState state) {
        var definition = state.definition();
        SequencedMap<String, String> facts = new LinkedHashMap<>();
        facts.put("status", state.status().name());
        facts.put("stock", String.valueOf(definition.stock()));
        facts.put("perUser", String.valueOf(definition.perUser()));
        facts.put("reclaim", String.valueOf(definition.reclaim()));
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
        List<LuaScript.Call> calls = couponIds.stream()
                .map(couponId -> new LuaScript.Call(GateKeys.of(couponId).subList(0, 2), List.of())).toList();
        return SUMMARY.runAll(redis, calls).stream().map(this::summary).toList();
    }

    private Optional<GateSummary> summary(Object reply) {
        if (!(reply instanceof List<?> values)) {
            LOG.debug("the gate holds keys that the projector did not write: {}", reply);
            return Optional.empty();
        }
        try {
            return log.id().equals(values.get(0)) && values.get(1) != null
                    ? Optional.of(new GateSummary(number(values.get(1)), number(values.get(2)), number(values.get(3)),
                            number(values.get(4)), number(values.get(5))))
                    : Optional.empty();
        } catch (NumberFormatException e) {
            LOG.debug("the gate holds keys that the projector did not write", e);
            return Optional.empty();
        }
    }

    private static long number(Object value) {
        return Long.parseLong(String.valueOf(value));
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

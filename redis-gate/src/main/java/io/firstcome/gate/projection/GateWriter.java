package io.firstcome.gate.projection;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.Consumer;

import org.apache.kafka.common.TopicPartition;

import io.firstcome.contract.CouponState;
import io.firstcome.gate.projection.ProjectionBatch.Decision;
import io.firstcome.gate.redis.GateKeys;
import io.firstcome.gate.redis.LuaScript;
import io.firstcome.gate.redis.RedisSettings;
import redis.clients.jedis.RedisClient;

/** Redis as the projector sees it. Every write may be repeated, and one that comes late changes nothing. */
final class GateWriter implements AutoCloseable {

    static final String OFFSETS = "fc:projector:offsets";

    private static final String OFFSET = "\\d{1,18}";
    private static final Duration TIMEOUT = Duration.ofSeconds(2);
    private static final int CONNECTIONS = 2;
    /** Redis serves nobody else while a script runs. */
    private static final int DECISIONS_PER_SCRIPT = 100;
    private static final LuaScript SETTLE = LuaScript.beside(GateWriter.class, "settle.lua");
    private static final LuaScript STATE = LuaScript.beside(GateWriter.class, "state.lua");
    private static final LuaScript ADVANCE = LuaScript.beside(GateWriter.class, "advance.lua");

    private final RedisClient redis;
    private final LogIdentity log;
    private final Duration keep;

    /** @param keep how long Redis keeps a coupon after it closes */
    GateWriter(RedisSettings settings, LogIdentity log, Duration keep) {
        this.redis = settings.with(CONNECTIONS, TIMEOUT).client();
        this.log = log;
        this.keep = keep;
    }

    /** Makes sure of the scripts, and reads how far each partition has been projected; absent means not at all. */
    Map<TopicPartition, Long> offsets(Collection<TopicPartition> partitions) {
        List.of(SETTLE, STATE).forEach(script -> redis.scriptLoad(script.source()));
        if (!Set.of("hash", "none").contains(redis.type(OFFSETS))) {
            redis.del(OFFSETS);
        }
        List<TopicPartition> asked = List.copyOf(partitions);
        List<String> stored = redis.hmget(OFFSETS, asked.stream().map(log::field).toArray(String[]::new));
        Map<TopicPartition, Long> offsets = new HashMap<>();
        for (int i = 0; i < asked.size(); i++) {
            String offset = stored.get(i);
            if (offset != null && offset.matches(OFFSET)) {
                offsets.put(asked.get(i), Long.valueOf(offset));
            } else if (offset != null) {
                forget(List.of(asked.get(i)));
            }
        }
        return offsets;
    }

    /**
     * Writes what a poll brought: first who holds what, then the facts, which count the holders.
     *
     * @throws redis.clients.jedis.exceptions.JedisException when any part of it may not have been written
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
            List<String> arguments = new ArrayList<>(List.of(log.id(), String.valueOf(keep.toMillis())));
            decisions.subList(from, Math.min(decisions.size(), from + DECISIONS_PER_SCRIPT))
                    .forEach(it -> arguments.addAll(List.of(it.user(), it.requestId(), it.holding())));
            script.accept(arguments);
        }
    }

    private List<String> arguments(CouponState state) {
        List<String> arguments = new ArrayList<>(List.of(log.id(), String.valueOf(keep.toMillis()),
                String.valueOf(state.version()), String.valueOf(state.issued())));
        facts(state).forEach((field, value) -> arguments.addAll(List.of(field, value)));
        return arguments;
    }

    /** What the gate knows of a version of a coupon, in the order in which {@code state.lua} takes it. */
    static SequencedMap<String, String> facts(CouponState state) {
        var definition = state.definition();
        SequencedMap<String, String> facts = new LinkedHashMap<>();
        facts.put("status", state.status().name());
        facts.put("stock", String.valueOf(definition.stock()));
        facts.put("opensAt", String.valueOf(definition.opensAt().toEpochMilli()));
        facts.put("closesAt", String.valueOf(definition.closesAt().toEpochMilli()));
        return facts;
    }

    /**
     * Moves the offsets on, all or none.
     *
     * @param from where each partition is expected to stand; absent means nowhere
     * @param to where it stands from now on
     * @return whether all stood where they were expected; else Redis was lost, is an old copy, or somebody else wrote
     */
    boolean advance(Map<TopicPartition, Long> from, Map<TopicPartition, Long> to) {
        List<String> arguments = new ArrayList<>();
        to.forEach((partition, next) -> arguments.addAll(List.of(log.field(partition),
                from.containsKey(partition) ? from.get(partition).toString() : "", next.toString())));
        return Long.valueOf(1).equals(ADVANCE.run(redis, List.of(OFFSETS), arguments));
    }

    /** Makes partitions stand nowhere, to be projected from the beginning. */
    void forget(Collection<TopicPartition> partitions) {
        redis.hdel(OFFSETS, partitions.stream().map(log::field).toArray(String[]::new));
    }

    /** Drops connections of a server that is gone; each would fail once more after its return. */
    void reconnect() {
        redis.getPool().clear();
    }

    @Override
    public void close() {
        redis.close();
    }
}

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
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.firstcome.contract.CouponState;
import io.firstcome.contract.id.CouponId;
import io.firstcome.gate.projection.ProjectionBatch.Decision;
import io.firstcome.gate.redis.GateKeys;
import io.firstcome.gate.redis.LuaScript;
import io.firstcome.gate.redis.RedisAddress;
import io.firstcome.gate.redis.RedisNodes;
import io.firstcome.gate.redis.RedisSettings;
import io.firstcome.gate.redis.ScriptPipeline;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;

/** The projector's reads and writes in Redis. Every write may be repeated, and a late one changes nothing. */
final class GateWriter implements AutoCloseable {

    static final String OFFSETS = "fc:projector:offsets";

    private static final Logger LOG = LoggerFactory.getLogger(GateWriter.class);
    private static final String OFFSET = "\\d{1,18}";
    private static final Duration TIMEOUT = Duration.ofSeconds(2);
    private static final int CONNECTIONS = 2;
    /** Redis serves no other client while a script runs. */
    private static final int DECISIONS_PER_SCRIPT = 100;
    /** How long a node that fails again and again is left alone: it may cost the timeout each time. */
    private static final Duration AWAY = Duration.ofSeconds(5);
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

    private final RedisNodes redis;
    /** The nodes whose last write failed, and when the next one may be tried. */
    private final Map<String, Failure> failures = new ConcurrentHashMap<>();
    private final LogIdentity log;
    private final Duration retention;

    /** @param isAway whether the node failed more than once: then the others go on without it */
    private record Failure(boolean isAway, long retryNanos, String cause) {

        static Failure now(boolean isAway, JedisException cause) {
            return new Failure(isAway, System.nanoTime() + AWAY.toNanos(), String.valueOf(cause.getMessage()));
        }

        boolean isRecent() {
            return System.nanoTime() - retryNanos < 0;
        }
    }

    /** @param retention how long Redis keeps a coupon after it closes */
    GateWriter(RedisSettings settings, LogIdentity log, Duration retention) {
        this.redis = settings.with(CONNECTIONS, TIMEOUT).nodes();
        this.log = log;
        this.retention = retention;
    }

    /** Loads the scripts, and reads the stored position of each partition; absent where Redis knows none. */
    Map<TopicPartition, Long> positions(Collection<TopicPartition> partitions) {
        throwUnlessAway(redis.load(List.of(SETTLE, STATE)));
        UnifiedJedis commands = redis.commands();
        if (!Set.of("hash", "none").contains(commands.type(OFFSETS))) {
            commands.del(OFFSETS);
        }
        Map<TopicPartition, Long> positions = new HashMap<>();
        for (TopicPartition partition : partitions) {
            String offset = commands.hget(OFFSETS, log.field(partition));
            if (offset != null && offset.matches(OFFSET)) {
                positions.put(partition, Long.valueOf(offset));
            } else if (offset != null) {
                commands.hdel(OFFSETS, log.field(partition));
            }
        }
        return positions;
    }

    /**
     * Writes the states and then the decisions. In this order a count never meets the stock or the limit of an earlier
     * definition. A state that counts more than the decisions so far only makes the coupon cold for a moment.
     *
     * <p>A node of a cluster that fails again and again is left out, so that it delays no coupon of another node. Its
     * coupons are then behind the log as after a fail-over to an old copy: they are cold, and are filled when the node
     * is back. The same goes for a coupon whose slot moves while some of its keys do not exist: Redis refuses scripts
     * on it until then.
     *
     * @throws JedisException when any part may not have been written, except on nodes that are left out
     */
    void write(ProjectionBatch batch) {
        tryNodesAgain();
        try (var runs = new ScriptPipeline(redis)) {
            batch.states().forEach((coupon, state) -> {
                if (!isAway(coupon)) {
                    runs.run(STATE, GateKeys.of(coupon), arguments(state));
                }
            });
            batch.decisions().forEach((coupon, decisions) -> {
                if (!isAway(coupon)) {
                    settle(decisions, arguments -> runs.run(SETTLE, GateKeys.of(coupon), arguments));
                }
            });
            Map<String, JedisException> failed = runs.complete();
            runs.succeeded().forEach(failures::remove);
            throwUnlessAway(failed);
        }
    }

    private void throwUnlessAway(Map<String, JedisException> failed) {
        Optional<JedisException> first = Optional.empty();
        for (Map.Entry<String, JedisException> each : failed.entrySet()) {
            String node = each.getKey();
            JedisException cause = each.getValue();
            redis.dropConnections(node);
            Failure before = failures.get(node);
            boolean isAway = redis.isCluster() && before != null && (before.isAway() || before.isRecent());
            if (isAway && !before.isAway()) {
                LOG.warn("the projector leaves out the node {} of Redis, which fails: {}", node, cause.getMessage());
            }
            failures.put(node, Failure.now(isAway, cause));
            if (!isAway) {
                first = first.or(() -> Optional.of(cause));
            }
        }
        if (first.isPresent()) {
            throw first.get();
        }
    }

    /** Whether the node of a coupon is left out at the moment. */
    boolean isAway(CouponId couponId) {
        if (failures.isEmpty()) {
            return false;
        }
        Failure failure = failures.get(redis.nodeOf(GateKeys.of(couponId).getFirst()));
        return failure != null && failure.isAway();
    }

    /** A node that is back may have lost the scripts. A replica that took its place has another name. */
    private void tryNodesAgain() {
        if (failures.values().stream().anyMatch(failure -> failure.isAway() && !failure.isRecent())) {
            redis.refresh();
            Map<String, JedisException> failed = redis.load(List.of(SETTLE, STATE));
            failures.keySet().retainAll(failed.keySet());
            failed.forEach((node, cause) -> failures.put(node, Failure.now(true, cause)));
        }
    }

    /** Which nodes of a cluster are left out, and why; empty when all are written to. Any thread may ask. */
    Optional<String> away() {
        return failures.entrySet().stream().filter(node -> node.getValue().isAway())
                .map(node -> "node " + node.getKey() + ": " + node.getValue().cause())
                .reduce((one, other) -> one + "; " + other);
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
        Object reply = redis.runAll(ADVANCE, List.of(new LuaScript.Call(List.of(OFFSETS), arguments))).getFirst();
        if (reply instanceof JedisException e) {
            throw e;
        }
        return Long.valueOf(1).equals(reply);
    }

    /**
     * What Redis knows of some coupons, in their order. Empty for a coupon that has no readable facts of this log, or
     * whose state has not been recorded.
     *
     * @throws JedisException when the node of any coupon cannot be reached
     */
    List<Optional<GateSummary>> summaries(List<CouponId> couponIds) {
        List<LuaScript.Call> calls = couponIds.stream()
                .map(couponId -> new LuaScript.Call(GateKeys.of(couponId).subList(0, 2), List.of())).toList();
        List<Object> replies = redis.runAll(SUMMARY, calls);
        Map<String, JedisException> failed = new HashMap<>();
        for (int i = 0; i < calls.size(); i++) {
            if (replies.get(i) instanceof JedisException e && !isUnreadable(e)) {
                failed.put(redis.nodeOf(calls.get(i).keys().getFirst()), e);
            }
        }
        if (!failed.isEmpty()) {
            // Also when the nodes are left out from now on: nothing is known of their coupons.
            throwUnlessAway(failed);
            throw failed.values().iterator().next();
        }
        return replies.stream().map(this::summary).toList();
    }

    /** Whether the script failed because another program wrote a key of the coupon, or because its slot moves. */
    private static boolean isUnreadable(JedisException e) {
        return RedisNodes.isBetweenNodes(e) || e instanceof JedisDataException && e.getMessage() != null
                && (e.getMessage().contains("WRONGTYPE") || e.getMessage().startsWith("ERR "));
    }

    private Optional<GateSummary> summary(Object reply) {
        if (!(reply instanceof List<?> values)) {
            LOG.debug("the keys of a coupon cannot be read: {}", reply);
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
    RedisAddress address() {
        return redis.address();
    }

    /** After a failure: drops the connections, and asks anew where the primaries are. */
    void reconnect() {
        redis.dropConnections(RedisNodes.ANY);
        redis.refresh();
    }

    @Override
    public void close() {
        redis.close();
    }
}

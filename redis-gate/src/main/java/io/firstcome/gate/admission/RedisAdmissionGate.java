package io.firstcome.gate.admission;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.IntStream;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.firstcome.contract.CouponDefinition;
import io.firstcome.contract.CouponState;
import io.firstcome.contract.CouponStatus;
import io.firstcome.contract.id.CouponId;
import io.firstcome.contract.id.RequestId;
import io.firstcome.contract.id.UserId;
import io.firstcome.gate.GateSettings;
import io.firstcome.gate.admission.AdmissionOutcome.Cold;
import io.firstcome.gate.admission.AdmissionOutcome.Unavailable;
import io.firstcome.gate.redis.GateKeys;
import io.firstcome.gate.redis.LuaScript;
import io.firstcome.gate.redis.RedisNodes;
import io.firstcome.gate.redis.RedisSettings;
import io.firstcome.kit.logging.LogFields;
import io.firstcome.kit.loop.ServiceLoop;
import io.firstcome.kit.metrics.Meters;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import redis.clients.jedis.exceptions.JedisException;

/**
 * The gate in Redis. Claims that arrive at the same time share one round trip, which runs {@code admit.lua} once for
 * each coupon. The timeout counts from the claim's arrival; when Redis is slow or away, the reply is
 * {@link Unavailable}. The script may still run after the timeout and reserve a place for the request. That reservation
 * expires as every other one does, and the same request is admitted again while it lasts.
 *
 * <p>In a cluster each node has its own queue, threads and breaker: a node that fails or is slow makes only its own
 * coupons {@link Unavailable}.
 */
public final class RedisAdmissionGate implements AdmissionGate, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(RedisAdmissionGate.class);
    private static final Duration PAUSE = Duration.ofMillis(500);
    /**
     * Redis serves no other client while it judges a batch, which takes a fraction of a millisecond. The arguments of a
     * batch fit into the buffers of a connection: so the caller waits for the reply, which has a timeout, and not for
     * the sending, which has none.
     */
    private static final int BATCH = 128;
    /** How many claims may wait for a round trip: more than Redis can answer within the timeout. */
    private static final int WAITING = 8192;
    /** How long an answer to claims shows that Redis works. */
    private static final Duration ANSWER_VALID = Duration.ofSeconds(2);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);
    /** Enough runs for the JVM's optimizing compiler; they take about a tenth of a second. */
    private static final int REHEARSAL_ROUNDS = 100;
    private static final int REHEARSAL_FAILURES = 5;
    /** No facts are of this log. The script answers COLD to every claim and writes nothing. */
    private static final String NO_LOG = "none";
    private static final List<AdmissionRequest> REHEARSAL = rehearsalClaims();

    private final LuaScript script = LuaScript.beside(RedisAdmissionGate.class, "admit.lua");
    private final long startedNanos = System.nanoTime();
    private final RedisSettings settings;
    private final RedisNodes redis;
    private final GateSettings gate;
    private final String logId;
    private final InstantSource clock;
    private final Supplier<Duration> skew;
    private final MeterRegistry meters;
    private final Map<String, Counter> counters = new ConcurrentHashMap<>();
    private final DistributionSummary batches;
    private final Timer roundTrips;
    /** By the name of the node. */
    private final Map<String, Lane> lanes = new ConcurrentHashMap<>();
    private final ServiceLoop rehearsal;
    private volatile boolean rehearsed;
    private volatile long answeredNanos;
    private volatile boolean answered;

    /** @param logId the id of the log that the facts must come from: Redis may still hold facts of another log */
    public RedisAdmissionGate(RedisSettings settings, GateSettings gate, String logId, InstantSource clock,
            MeterRegistry meters) {
        this(settings, gate, logId, clock, gate::skew, meters);
    }

    /**
     * @param logId the id of the log that the facts must come from: Redis may still hold facts of another log
     * @param skew how far the clock may differ from the brokers' at this moment
     */
    public RedisAdmissionGate(RedisSettings settings, GateSettings gate, String logId, InstantSource clock,
            Supplier<Duration> skew, MeterRegistry meters) {
        this.settings = settings;
        this.redis = settings.nodes();
        this.gate = gate;
        this.logId = logId;
        this.clock = clock;
        this.skew = skew;
        this.meters = meters;
        Meters.GATE_BREAKER_OPEN.register(meters,
                () -> lanes.values().stream().anyMatch(lane -> lane.breaker.isOpen()) ? 1 : 0);
        this.batches = Meters.GATE_BATCH.register(meters);
        this.roundTrips = Meters.GATE_ROUNDTRIP.register(meters);
        this.rehearsal = ServiceLoop.named("gate-rehearsal", this::rehearse, meters).closeTimeout(CLOSE_TIMEOUT)
                .build();
    }

    /**
     * Starts to connect, to load the script and to exercise the gate, on a thread of its own. {@link #isRehearsed}
     * tells when that has ended.
     */
    public void startRehearsal() {
        rehearsal.start();
    }

    /** Claims on two coupons, which need not exist. */
    private static List<AdmissionRequest> rehearsalClaims() {
        return IntStream.range(0, BATCH / 2).mapToObj(i -> {
            var definition = new CouponDefinition(new CouponId("rehearsal-" + i % 2), "Rehearsal", 1, Instant.EPOCH,
                    Instant.EPOCH.plusMillis(1));
            return new AdmissionRequest(new CouponState(definition, CouponStatus.ACTIVE, 1, 0),
                    new UserId("rehearsal-" + i), new RequestId("rehearsal-" + i));
        }).toList();
    }

    /**
     * Runs the code of this class until the JVM has compiled most of it: the first claims of a rush would otherwise
     * exceed the timeout. Without Redis there is nothing to rehearse, because the log decides.
     */
    private void rehearse() {
        try {
            int failuresInARow = 0;
            for (int round = 0; round < REHEARSAL_ROUNDS && !rehearsal.isClosing(); round++) {
                try {
                    connect();
                    throwIfAllFailed(replies(REHEARSAL, NO_LOG));
                    failuresInARow = 0;
                } catch (JedisException e) {
                    // A single reply of a cold JVM may be late; that is what the rehearsal is for.
                    if (++failuresInARow == REHEARSAL_FAILURES) {
                        LOG.info("Redis at {} is not available, the log decides without it: {}", settings.address(),
                                e.getMessage());
                        return;
                    }
                }
            }
        } finally {
            rehearsed = true;
            rehearsal.beginClose();
        }
    }

    /** @throws JedisException when no node can be reached */
    private void connect() {
        List<JedisException> failed = new ArrayList<>();
        Set<String> nodes = redis.all();
        for (String node : nodes) {
            try {
                redis.warmUp(node);
            } catch (JedisException e) {
                failed.add(e);
            }
        }
        if (failed.size() == nodes.size()) {
            throw failed.getFirst();
        }
    }

    /** Whether the gate has its connections and has run its script, or has found that Redis is not available. */
    public boolean isRehearsed() {
        return rehearsed;
    }

    @Override
    public CompletionStage<AdmissionOutcome> admit(AdmissionRequest request) {
        Lane lane = lane(redis.nodeOf(GateKeys.of(request.couponId()).getFirst()));
        return lane.breaker.allows()
                ? lane.checks.ask(request).thenApply(this::counted)
                : CompletableFuture.completedFuture(counted(new Unavailable()));
    }

    private AdmissionOutcome counted(AdmissionOutcome outcome) {
        counters.computeIfAbsent(outcome.word(), word -> Meters.GATE_REPLIES.register(meters, word)).increment();
        return outcome;
    }

    private Lane lane(String node) {
        Lane lane = lanes.get(node);
        if (lane == null) {
            lane = lanes.computeIfAbsent(node, Lane::new);
            closeLanesOfOldNodes(lane);
        }
        return lane;
    }

    /** A cluster whose nodes are replaced one after the other must not leave threads for each of them. */
    private void closeLanesOfOldNodes(Lane added) {
        if (lanes.size() > 1) {
            Set<String> nodes = new HashSet<>(redis.all());
            nodes.addAll(List.of(RedisNodes.ANY, added.node));
            lanes.values().removeIf(lane -> {
                boolean isOld = !nodes.contains(lane.node);
                if (isOld) {
                    // Waits for round trips under way.
                    Thread.startVirtualThread(lane.checks::close);
                }
                return isOld;
            });
        }
    }

    /** The claims on the coupons of one node. */
    private final class Lane {

        private final String node;
        private final CircuitBreaker breaker = new CircuitBreaker(PAUSE, () -> System.nanoTime() - startedNanos);
        private final RequestBatcher<AdmissionRequest, AdmissionOutcome> checks;

        Lane(String node) {
            this.node = node;
            this.checks = new RequestBatcher<>("gate-check",
                    new RequestBatcher.Bounds(settings.connections(), BATCH, WAITING, settings.timeout()), this::judge,
                    AdmissionRequest::requestId, new Unavailable(), meters);
        }

        private List<AdmissionOutcome> judge(List<AdmissionRequest> requests) {
            batches.record(requests.size());
            try {
                List<Object> replies = roundTrips.record(() -> replies(requests, logId));
                throwIfAllFailed(replies);
                succeeded();
                return IntStream.range(0, replies.size()).mapToObj(i -> outcome(requests.get(i), replies.get(i)))
                        .toList();
            } catch (JedisException e) {
                failed(e);
                return Collections.nCopies(requests.size(), new Unavailable());
            }
        }

        private void succeeded() {
            answeredNanos = System.nanoTime();
            answered = true;
            if (breaker.isOpen()) {
                // Before all claims ask again: the failure dropped the connections.
                try {
                    redis.warmUp(node);
                } catch (JedisException e) {
                    // The connection that brought the answer works, and the pool opens others when claims need them.
                    LOG.debug("Redis at {} answers, but not all connections can be opened", name(), e);
                }
            }
            if (breaker.succeeded()) {
                LOG.info("Redis at {} answers again", name());
            }
        }

        private void failed(JedisException e) {
            if (breaker.failed()) {
                LOG.warn("Redis at {} fails, the log decides without it: {}", name(), e.getMessage());
            }
            // All connections lead to the failed server. Each would fail once more after a replacement has started.
            redis.dropConnections(node);
            redis.refresh();
        }

        private String name() {
            return node.equals(RedisNodes.ANY) ? settings.address().toString() : node;
        }
    }

    /**
     * @param log the id of the log that the facts must come from
     * @return each claim's reply, in order; an exception in place of each reply that did not come
     * @throws JedisException when Redis cannot be reached
     */
    private List<Object> replies(List<AdmissionRequest> requests, String log) {
        var batch = new AdmissionBatch(requests);
        return batch.replies(redis.runAll(script, batch.calls(List.of(String.valueOf(clock.millis()),
                String.valueOf(skew.get().toMillis()), String.valueOf(gate.reservation().toMillis()), log))));
    }

    private static void throwIfAllFailed(List<Object> replies) {
        if (replies.stream().allMatch(AdmissionReplies::isFailure)) {
            throw (JedisException) replies.getFirst();
        }
    }

    private static AdmissionOutcome outcome(AdmissionRequest request, Object reply) {
        try {
            return AdmissionReplies.outcome(reply);
        } catch (IllegalArgumentException e) {
            LOG.atError().addKeyValue(LogFields.REQUEST_ID, request.requestId())
                    .addKeyValue(LogFields.COUPON_ID, request.couponId()).setCause(e)
                    .log("the gate holds a value for the coupon that the projector did not write");
            return new Cold();
        }
    }

    /**
     * Why Redis does not serve this ingress; empty while every node answers. Sends a PING to each node, unless claims
     * have had an answer a moment ago: during a rush a PING would wait for a connection.
     */
    public Optional<String> redisProblem() {
        boolean isBypassed = lanes.values().stream().anyMatch(lane -> lane.breaker.isOpen());
        if (answered && !isBypassed && System.nanoTime() - answeredNanos < ANSWER_VALID.toNanos()) {
            return Optional.empty();
        }
        Optional<String> first = ping();
        // The first connection may be one that Redis has closed.
        return first.isEmpty() ? first : ping();
    }

    private Optional<String> ping() {
        try {
            return redis.ping().entrySet().stream().findFirst().map(node -> silent(
                    node.getKey().equals(RedisNodes.ANY) ? settings.address().toString() : node.getKey(),
                    node.getValue()));
        } catch (JedisException e) {
            return Optional.of(silent(settings.address().toString(), e));
        }
    }

    private String silent(String server, JedisException e) {
        return "Redis at " + server + " does not answer within " + settings.timeout().toMillis() + " ms: "
                + e.getMessage();
    }

    /** Why a thread that asks Redis has ended; only a restart helps. Empty while all of them run. */
    public Optional<String> problem() {
        return lanes.values().stream().flatMap(lane -> lane.checks.problem().stream()).findFirst()
                .or(rehearsal::problem);
    }

    @Override
    public void close() {
        rehearsal.close();
        lanes.values().forEach(lane -> lane.checks.close());
        redis.close();
    }
}

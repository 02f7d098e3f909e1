package io.firstcome.gate.admission;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
import io.firstcome.gate.redis.LuaScript;
import io.firstcome.gate.redis.RedisSettings;
import io.firstcome.kit.logging.LogFields;
import io.firstcome.kit.loop.ServiceLoop;
import io.firstcome.kit.metrics.Meters;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;

/**
 * The gate in Redis. Claims that arrive at the same time share one round trip, which runs {@code admit.lua} once for
 * each coupon. The timeout counts from the claim's arrival; when Redis is slow or away, the reply is
 * {@link Unavailable}. The script may still run after the timeout and reserve a place for the request. That reservation
 * expires as every other one does, and the same request is admitted again while it lasts.
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
    private final CircuitBreaker breaker = new CircuitBreaker(PAUSE, () -> System.nanoTime() - startedNanos);
    private final RedisSettings settings;
    private final RedisClient redis;
    private final GateSettings gate;
    private final String logId;
    private final InstantSource clock;
    private final Supplier<Duration> skew;
    private final MeterRegistry meters;
    private final Map<String, Counter> counters = new ConcurrentHashMap<>();
    private final DistributionSummary batches;
    private final Timer roundTrips;
    private final RequestBatcher<AdmissionRequest, AdmissionOutcome> checks;
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
        this.redis = settings.client();
        this.gate = gate;
        this.logId = logId;
        this.clock = clock;
        this.skew = skew;
        this.meters = meters;
        Meters.GATE_BREAKER_OPEN.register(meters, () -> breaker.isOpen() ? 1 : 0);
        this.batches = Meters.GATE_BATCH.register(meters);
        this.roundTrips = Meters.GATE_ROUNDTRIP.register(meters);
        this.checks = new RequestBatcher<>("gate-check",
                new RequestBatcher.Bounds(settings.connections(), BATCH, WAITING, settings.timeout()), this::ask,
                AdmissionRequest::requestId, new Unavailable(), meters);
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
                    redis.getPool().addObjects(settings.connections());
                    judge(REHEARSAL, NO_LOG);
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

    /** Whether the gate has its connections and has run its script, or has found that Redis is not available. */
    public boolean isRehearsed() {
        return rehearsed;
    }

    @Override
    public CompletionStage<AdmissionOutcome> admit(AdmissionRequest request) {
        return breaker.allows()
                ? checks.ask(request).thenApply(this::counted)
                : CompletableFuture.completedFuture(counted(new Unavailable()));
    }

    private AdmissionOutcome counted(AdmissionOutcome outcome) {
        counters.computeIfAbsent(outcome.word(), word -> Meters.GATE_REPLIES.register(meters, word)).increment();
        return outcome;
    }

    private List<AdmissionOutcome> ask(List<AdmissionRequest> requests) {
        batches.record(requests.size());
        try {
            List<AdmissionOutcome> outcomes = roundTrips.record(() -> judge(requests, logId));
            answeredNanos = System.nanoTime();
            answered = true;
            if (breaker.isOpen()) {
                // Before all claims ask again: the failure dropped the connections.
                redis.getPool().addObjects(settings.connections());
            }
            if (breaker.succeeded()) {
                LOG.info("Redis at {} answers again", settings.address());
            }
            return outcomes;
        } catch (JedisException e) {
            failed(e);
            return Collections.nCopies(requests.size(), new Unavailable());
        }
    }

    /** @param log the id of the log that the facts must come from */
    private List<AdmissionOutcome> judge(List<AdmissionRequest> requests, String log) {
        var batch = new AdmissionBatch(requests);
        List<Object> replies = batch.replies(script.runAll(redis, batch.calls(List.of(String.valueOf(clock.millis()),
                String.valueOf(skew.get().toMillis()), String.valueOf(gate.reservation().toMillis()), log))));
        throwIfAllRefused(replies);
        return IntStream.range(0, replies.size()).mapToObj(i -> outcome(requests.get(i), replies.get(i))).toList();
    }

    private static void throwIfAllRefused(List<Object> replies) {
        if (replies.stream().allMatch(AdmissionReplies::isRefusalToWork)) {
            throw (JedisDataException) replies.getFirst();
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

    private void failed(JedisException e) {
        if (breaker.failed()) {
            LOG.warn("Redis at {} fails, the log decides without it: {}", settings.address(), e.getMessage());
        }
        // All connections lead to the failed server. Each would fail once more after a replacement has started.
        redis.getPool().clear();
    }

    /**
     * Why Redis does not serve this ingress; empty while Redis answers. Sends a PING, unless claims have had an answer a
     * moment ago: during a rush a PING would wait for a connection.
     */
    public Optional<String> redisProblem() {
        if (answered && System.nanoTime() - answeredNanos < ANSWER_VALID.toNanos()) {
            return Optional.empty();
        }
        Optional<String> first = ping();
        // The first connection may be one that Redis has closed.
        return first.isEmpty() ? first : ping();
    }

    private Optional<String> ping() {
        try {
            redis.ping();
            return Optional.empty();
        } catch (JedisException e) {
            return Optional.of("Redis at " + settings.address() + " does not answer within "
                    + settings.timeout().toMillis() + " ms: " + e.getMessage());
        }
    }

    /** Why a thread that asks Redis has ended; only a restart helps. Empty while all of them run. */
    public Optional<String> problem() {
        return checks.problem().or(rehearsal::problem);
    }

    @Override
    public void close() {
        rehearsal.close();
        checks.close();
        redis.close();
    }
}

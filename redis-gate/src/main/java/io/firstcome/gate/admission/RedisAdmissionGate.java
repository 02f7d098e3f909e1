package io.firstcome.gate.admission;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.firstcome.gate.GateMeter;
import io.firstcome.gate.GateSettings;
import io.firstcome.gate.admission.AdmissionOutcome.Cold;
import io.firstcome.gate.admission.AdmissionOutcome.Unavailable;
import io.firstcome.gate.redis.LuaScript;
import io.firstcome.gate.redis.RedisSettings;
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

    private final LuaScript script = LuaScript.beside(RedisAdmissionGate.class, "admit.lua");
    private final long startedNanos = System.nanoTime();
    private final CircuitBreaker breaker = new CircuitBreaker(PAUSE, () -> System.nanoTime() - startedNanos);
    private final RedisSettings settings;
    private final RedisClient redis;
    private final GateSettings gate;
    private final String logId;
    private final InstantSource clock;
    private final MeterRegistry meters;
    private final Map<String, Counter> counters = new ConcurrentHashMap<>();
    private final DistributionSummary batches;
    private final Timer roundTrips;
    private final RequestBatcher<AdmissionRequest, AdmissionOutcome> checks;

    /** @param logId the id of the log that the facts must come from: Redis may still hold facts of another log */
    public RedisAdmissionGate(RedisSettings settings, GateSettings gate, String logId, InstantSource clock,
            MeterRegistry meters) {
        this.settings = settings;
        this.redis = settings.client();
        this.gate = gate;
        this.logId = logId;
        this.clock = clock;
        this.meters = meters;
        GateMeter.BREAKER_OPEN.gauge(meters, () -> breaker.isOpen() ? 1 : 0);
        this.batches = GateMeter.BATCH.summary(meters);
        this.roundTrips = GateMeter.ROUNDTRIP.timer(meters);
        this.checks = new RequestBatcher<>("gate-check",
                new RequestBatcher.Bounds(settings.connections(), BATCH, WAITING, settings.timeout()), this::ask,
                new Unavailable(), meters);
    }

    @Override
    public CompletionStage<AdmissionOutcome> admit(AdmissionRequest request) {
        return breaker.allows()
                ? checks.ask(request).thenApply(this::counted)
                : CompletableFuture.completedFuture(counted(new Unavailable()));
    }

    private AdmissionOutcome counted(AdmissionOutcome outcome) {
        counters.computeIfAbsent(outcome.word(), word -> GateMeter.REPLIES.counter(meters, "reply", word)).increment();
        return outcome;
    }

    private List<AdmissionOutcome> ask(List<AdmissionRequest> requests) {
        batches.record(requests.size());
        try {
            var batch = new AdmissionBatch(requests);
            List<Object> replies = roundTrips.record(() -> batch.replies(script.runAll(redis, calls(batch))));
            throwIfAllRefused(replies);
            if (breaker.succeeded()) {
                LOG.info("Redis at {} answers again", settings.address());
            }
            return IntStream.range(0, replies.size()).mapToObj(i -> outcome(requests.get(i), replies.get(i))).toList();
        } catch (JedisException e) {
            failed(e);
            return Collections.nCopies(requests.size(), new Unavailable());
        }
    }

    private static void throwIfAllRefused(List<Object> replies) {
        if (replies.stream().allMatch(AdmissionReplies::isRefusalToWork)) {
            throw (JedisDataException) replies.getFirst();
        }
    }

    private List<LuaScript.Call> calls(AdmissionBatch batch) {
        return batch.calls(List.of(String.valueOf(clock.millis()), String.valueOf(gate.skew().toMillis()),
                String.valueOf(gate.reservation().toMillis()), logId));
    }

    private static AdmissionOutcome outcome(AdmissionRequest request, Object reply) {
        try {
            return AdmissionReplies.outcome(reply);
        } catch (IllegalArgumentException e) {
            LOG.error("the gate holds a value for coupon {} that the projector did not write", request.couponId(), e);
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

    /** Why a thread that asks Redis has ended; only a restart helps. Empty while all of them run. */
    public Optional<String> problem() {
        return checks.problem();
    }

    @Override
    public void close() {
        checks.close();
        redis.close();
    }
}

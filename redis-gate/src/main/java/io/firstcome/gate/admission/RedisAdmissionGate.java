package io.firstcome.gate.admission;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.firstcome.gate.GateSettings;
import io.firstcome.gate.admission.AdmissionOutcome.Cold;
import io.firstcome.gate.admission.AdmissionOutcome.Unavailable;
import io.firstcome.gate.redis.LuaScript;
import io.firstcome.gate.redis.RedisSettings;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;

/**
 * The gate in Redis: one round trip for all claims that come at the same time, in it one run of the script for each coupon,
 * and a shrug when Redis is in trouble. The time-out counts from the claim's arrival. A script may still run after it and leave a
 * reservation: it is under the claim's own request, which is admitted again, and expires like any other.
 */
public final class RedisAdmissionGate implements AdmissionGate, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(RedisAdmissionGate.class);
    private static final Duration PAUSE = Duration.ofMillis(500);
    /**
     * Redis serves nobody else while it judges them, for a fraction of a millisecond; and they fit into the buffers of a
     * connection, so that it is the answer that is waited for, which has a time-out, and not the sending, which has none.
     */
    private static final int BATCH = 128;
    /** More than are answered within the time-out. */
    private static final int WAITING = 8192;

    private final LuaScript script = LuaScript.beside(RedisAdmissionGate.class, "admit.lua");
    private final long startedNanos = System.nanoTime();
    private final RedisBreaker breaker = new RedisBreaker(PAUSE, () -> System.nanoTime() - startedNanos);
    private final RedisSettings settings;
    private final RedisClient redis;
    private final GateSettings gate;
    private final String log;
    private final InstantSource clock;
    private final MeterRegistry meters;
    private final Map<String, Counter> counters = new ConcurrentHashMap<>();
    private final DistributionSummary batches;
    private final Timer roundTrips;
    private final RequestBatcher<AdmissionRequest, AdmissionOutcome> checks;

    /** @param log which log the facts must come from: Redis may still hold those of another one */
    public RedisAdmissionGate(RedisSettings settings, GateSettings gate, String log, InstantSource clock,
            MeterRegistry meters) {
        this.settings = settings;
        this.redis = settings.client();
        this.gate = gate;
        this.log = log;
        this.clock = clock;
        this.meters = meters;
        Gauge.builder("firstcome.gate.breaker.open", breaker, it -> it.isOpen() ? 1 : 0).register(meters);
        this.batches = DistributionSummary.builder("firstcome.gate.batch").baseUnit("claims")
                .description("Claims that shared a round trip to Redis.").register(meters);
        this.roundTrips = Timer.builder("firstcome.gate.roundtrip")
                .description("Round trips to Redis, the failed ones included.").register(meters);
        this.checks = new RequestBatcher<>("gate-check",
                new RequestBatcher.Bounds(settings.connections(), BATCH, WAITING, settings.timeout()), this::ask,
                new Unavailable());
    }

    @Override
    public CompletionStage<AdmissionOutcome> admit(AdmissionRequest request) {
        return breaker.allows()
                ? checks.ask(request).thenApply(this::counted)
                : CompletableFuture.completedFuture(counted(new Unavailable()));
    }

    private AdmissionOutcome counted(AdmissionOutcome outcome) {
        counters.computeIfAbsent(outcome.word(), word -> meters.counter("firstcome.gate.replies", "reply", word))
                .increment();
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
            trouble(e);
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
                String.valueOf(gate.reservation().toMillis()), log));
    }

    private static AdmissionOutcome outcome(AdmissionRequest request, Object reply) {
        try {
            return AdmissionReplies.outcome(reply);
        } catch (IllegalArgumentException e) {
            LOG.error("the gate holds something of {} that nobody here wrote", request.couponId(), e);
            return new Cold();
        }
    }

    private void trouble(JedisException e) {
        if (breaker.failed()) {
            LOG.warn("Redis at {} is in trouble, the log decides without it: {}", settings.address(), e.getMessage());
        }
        // They all lead to the same server: each would fail once more after its return, or for ever if it was replaced.
        redis.getPool().clear();
    }

    /** Whether claims are judged; only a restart brings back one whose threads have ended. */
    public boolean isAlive() {
        return checks.isAlive();
    }

    @Override
    public void close() {
        checks.close();
        redis.close();
    }
}

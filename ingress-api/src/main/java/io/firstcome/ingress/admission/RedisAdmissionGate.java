package io.firstcome.ingress.admission;

import java.net.SocketTimeoutException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.firstcome.contract.RequestId;
import io.firstcome.ingress.admission.AdmissionOutcome.Admitted;
import io.firstcome.ingress.admission.AdmissionOutcome.AlreadyIssued;
import io.firstcome.ingress.admission.AdmissionOutcome.Cold;
import io.firstcome.ingress.admission.AdmissionOutcome.Ended;
import io.firstcome.ingress.admission.AdmissionOutcome.Full;
import io.firstcome.ingress.admission.AdmissionOutcome.InFlight;
import io.firstcome.ingress.admission.AdmissionOutcome.NotStarted;
import io.firstcome.ingress.admission.AdmissionOutcome.Paused;
import io.firstcome.ingress.admission.AdmissionOutcome.SoldOut;
import io.firstcome.ingress.admission.AdmissionOutcome.Unavailable;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisException;

/** The gate in Redis: one script, one round trip, and a shrug when Redis is in trouble. */
public final class RedisAdmissionGate implements AdmissionGate, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(RedisAdmissionGate.class);
    private static final Duration PAUSE = Duration.ofMillis(500);

    private final LuaScript script = LuaScript.beside(RedisAdmissionGate.class, "admit.lua");
    private final long startedNanos = System.nanoTime();
    private final RedisBreaker breaker = new RedisBreaker(PAUSE, () -> System.nanoTime() - startedNanos);
    private final RedisSettings settings;
    private final RedisClient redis;
    private final GateSettings gate;
    private final String log;
    private final InstantSource clock;
    private final MeterRegistry meters;

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
    }

    @Override
    public CompletionStage<AdmissionOutcome> admit(AdmissionRequest request) {
        AdmissionOutcome outcome = breaker.allows() ? ask(request) : new Unavailable();
        meters.counter("firstcome.gate.replies", "reply", outcome.getClass().getSimpleName()).increment();
        return CompletableFuture.completedFuture(outcome);
    }

    private AdmissionOutcome ask(AdmissionRequest request) {
        try {
            Object reply = script.run(redis, GateKeys.of(request.couponId()), arguments(request));
            if (breaker.succeeded()) {
                LOG.info("Redis at {} answers again", settings.address());
            }
            return outcome((List<?>) reply);
        } catch (JedisException e) {
            return trouble(e);
        } catch (IllegalArgumentException e) {
            LOG.error("the gate holds something of {} that nobody here wrote", request.couponId(), e);
            return new Cold();
        }
    }

    private List<String> arguments(AdmissionRequest request) {
        return List.of(request.userId().value(), request.requestId().value(), String.valueOf(clock.millis()),
                String.valueOf(gate.skew().toMillis()), String.valueOf(gate.reservation().toMillis()), log,
                String.valueOf(request.known().version()), String.valueOf(request.known().issued()));
    }

    private static AdmissionOutcome outcome(List<?> reply) {
        String word = (String) reply.getFirst();
        return switch (word) {
            case "ADMITTED" -> new Admitted();
            case "ALREADY_ISSUED" -> alreadyIssued(Holding.parse((String) reply.get(1)));
            case "SOLD_OUT" -> new SoldOut();
            case "NOT_STARTED" -> new NotStarted(Instant.ofEpochMilli(Long.parseLong((String) reply.get(1))));
            case "ENDED" -> new Ended();
            case "PAUSED" -> new Paused();
            case "IN_FLIGHT" -> new InFlight(new RequestId((String) reply.get(1)));
            case "FULL" -> new Full();
            case "COLD" -> new Cold();
            default -> throw new IllegalArgumentException("admit.lua answered " + word);
        };
    }

    private static AlreadyIssued alreadyIssued(Holding held) {
        return new AlreadyIssued(held.sequence(), held.requestId(), held.issuedAt());
    }

    private Unavailable trouble(JedisException e) {
        boolean onlyBusy = e.getCause() instanceof NoSuchElementException;
        if (!onlyBusy && breaker.failed()) {
            LOG.warn("Redis at {} is in trouble, the log decides without it: {}", settings.address(), e.getMessage());
        }
        if (isBroken(e)) {
            // The others lead to the same dead server; each would fail once more after its return.
            redis.getPool().clear();
        }
        return new Unavailable();
    }

    private static boolean isBroken(JedisException e) {
        return e instanceof JedisConnectionException && !(e.getCause() instanceof SocketTimeoutException);
    }

    @Override
    public void close() {
        redis.close();
    }
}

package io.firstcome.ingress.status;

import java.net.URI;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

import io.firstcome.contract.CouponState;
import io.firstcome.contract.CouponStatus;
import io.firstcome.ingress.status.SystemStatus.Coupons;
import io.firstcome.kit.health.Health;
import io.firstcome.kit.http.Requests;
import io.firstcome.kit.service.BuildVersion;
import io.firstcome.kit.status.ComponentStatus;
import io.firstcome.kit.status.ComponentStatus.Level;
import io.firstcome.kit.status.RecentValue;
import io.firstcome.readmodel.coupons.CouponRegistry;
import io.javalin.config.RoutesConfig;

/**
 * {@code GET /v1/status} on the operators' port: the status of ingress, gate, log, authority and sink, as this ingress
 * sees them. The status is read at most once per second and within about a second. Claims never wait for it.
 */
public final class SystemStatusReader implements AutoCloseable {

    private static final String INGRESS = "ingress";
    private static final String GATE = "gate";
    private static final String LOG = "log";

    /** The health checks of the ingress that concern the log. */
    private static final Set<String> LOG_CHECKS = Set.of("topics", "topic-monitor", "commands", "commands-connect",
            "coupons", "claims", "outcomes", "reading");
    /** The health checks of the ingress that concern the gate. */
    private static final Set<String> GATE_CHECKS = Set.of("gate", "gate-projector", "gate-rehearsal");

    private final Health health;
    private final LocalParts parts;
    private final CouponRegistry registry;
    private final BooleanSupplier couponsAreCurrent;
    private final InstantSource clock;
    private final RemoteStatus authority;
    private final RemoteStatus sink;
    private final RecentValue<SystemStatus> recent = new RecentValue<>(this::read);

    /**
     * @param health the checks of the ingress
     * @param couponsAreCurrent whether the registry has read all coupons up to now
     * @param processors the base URLs of the authority's instances
     * @param sinks the base URLs of the sink's instances
     */
    public SystemStatusReader(Health health, LocalParts parts, CouponRegistry registry,
            BooleanSupplier couponsAreCurrent,
            InstantSource clock, List<URI> processors, List<URI> sinks) {
        this.health = health;
        this.parts = parts;
        this.registry = registry;
        this.couponsAreCurrent = couponsAreCurrent;
        this.clock = clock;
        this.authority = new RemoteStatus("authority", processors, "FIRSTCOME_PROCESSOR_URL", RemoteStatus.Lag.OF_ALL);
        this.sink = new RemoteStatus("sink", sinks, "FIRSTCOME_SINK_URL", RemoteStatus.Lag.OWN);
    }

    /** Adds the route. */
    public void addTo(RoutesConfig routes) {
        routes.get("/v1/status", context -> Requests.answer(context, 200, status()));
    }

    /** The status of at most one second ago. */
    public SystemStatus status() {
        return recent.get();
    }

    private SystemStatus read() {
        CompletableFuture<ComponentStatus> ofAuthority = authority.ask();
        CompletableFuture<ComponentStatus> ofSink = sink.ask();
        ComponentStatus ingress = ComponentStatus.of(INGRESS, health);
        ComponentStatus gate = gate();
        ComponentStatus log = log();
        return new SystemStatus(clock.instant().truncatedTo(ChronoUnit.MILLIS),
                List.of(ingress, gate, log, ofAuthority.join(), ofSink.join()), coupons(),
                BuildVersion.current().version());
    }

    private ComponentStatus gate() {
        return status(GATE, GATE_CHECKS, parts.redis(), ". The log decides without Redis, which is slower. Start Redis,"
                + " or correct FIRSTCOME_REDIS_URL.", parts.projector().get().map(it -> "projector " + it))
                .withLag(parts.projectorLag().get()).withStoppedPartitions(parts.projectorStopped().getAsInt());
    }

    private ComponentStatus log() {
        return status(LOG, LOG_CHECKS, parts.kafka(), ". Claims cannot be accepted without Kafka. Start the brokers, or"
                + " correct FIRSTCOME_KAFKA_BOOTSTRAP_SERVERS.", parts.reading().get());
    }

    /**
     * The status of Redis or Kafka: DOWN without an answer, or when only a restart of the ingress helps.
     *
     * @param checks the health checks that concern the server
     * @param contact why the server cannot be reached
     * @param remedy what to do then
     * @param other another problem, which may pass
     */
    private ComponentStatus status(String name, Set<String> checks,
            Supplier<Optional<String>> contact, String remedy, Optional<String> other) {
        Optional<String> unreachable = contact.get();
        Map<String, String> permanent = only(checks, health.problemsOfLiveness());
        Map<String, String> passing = only(checks, health.problemsOfReadiness());
        if (unreachable.isPresent()) {
            return ComponentStatus.of(name, Level.DOWN, unreachable.get() + remedy);
        }
        if (!permanent.isEmpty()) {
            return ComponentStatus.of(name, Level.DOWN, ComponentStatus.sentence(permanent) + ". Restart the ingress.");
        }
        if (!passing.isEmpty()) {
            return ComponentStatus.of(name, Level.DEGRADED, ComponentStatus.sentence(passing));
        }
        return other.map(it -> ComponentStatus.of(name, Level.DEGRADED, it))
                .orElseGet(() -> ComponentStatus.up(name));
    }

    private static Map<String, String> only(Set<String> checks, Map<String, String> problems) {
        Map<String, String> chosen = new TreeMap<>(problems);
        chosen.keySet().retainAll(checks);
        return chosen;
    }

    /** Null while the registry may lack a coupon. */
    private Coupons coupons() {
        if (!couponsAreCurrent.getAsBoolean()) {
            return null;
        }
        Instant now = clock.instant();
        List<CouponState> all = registry.all().toList();
        return new Coupons(all.size(), all.stream().filter(it -> isOpen(it, now)).count());
    }

    private static boolean isOpen(CouponState state, Instant now) {
        return state.status() == CouponStatus.ACTIVE && !now.isBefore(state.definition().opensAt())
                && now.isBefore(state.definition().closesAt());
    }

    @Override
    public void close() {
        authority.close();
        sink.close();
    }
}

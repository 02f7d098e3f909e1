package io.firstcome.ingress;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.SortedSet;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.firstcome.contract.CouponId;
import io.firstcome.contract.CouponState;
import io.firstcome.contract.TopicSpec;
import io.firstcome.contract.Topics;
import io.firstcome.gate.admission.RedisAdmissionGate;
import io.firstcome.gate.projection.CouponDirectory;
import io.firstcome.gate.projection.GateProjector;
import io.firstcome.gate.projection.LogIdentity;
import io.firstcome.gate.projection.OpenCoupons;
import io.firstcome.ingress.admin.AdminAuthFilter;
import io.firstcome.ingress.admin.AdminRoutes;
import io.firstcome.ingress.authority.AuthorityHolders;
import io.firstcome.ingress.claims.ClaimRoutes;
import io.firstcome.ingress.documents.DocumentRoutes;
import io.firstcome.ingress.events.EventRoutes;
import io.firstcome.ingress.identity.Authentication;
import io.firstcome.ingress.limits.ClaimProtection;
import io.firstcome.ingress.limits.ClientAddress;
import io.firstcome.ingress.limits.FailedAttempts;
import io.firstcome.ingress.publishing.CommandPublisher;
import io.firstcome.ingress.query.CouponRoutes;
import io.firstcome.ingress.query.ProxyRoutes;
import io.firstcome.ingress.query.RequestRoutes;
import io.firstcome.kit.health.Health;
import io.firstcome.kit.http.HttpServer;
import io.firstcome.kit.http.HttpServerSettings;
import io.firstcome.kit.kafka.KafkaClients;
import io.firstcome.kit.metrics.Metrics;
import io.firstcome.kit.service.Service;
import io.firstcome.kit.topics.TopicProvisioner;
import io.firstcome.readmodel.ReadModel;
import io.javalin.config.RoutesConfig;

/** One ingress: what it is made of, and the order in which it starts and stops. Any number may run side by side. */
public final class IngressService implements Service {

    private static final Logger LOG = LoggerFactory.getLogger(IngressService.class);

    private final Deque<AutoCloseable> started = new ArrayDeque<>();
    private final Health health = new Health();
    private final IngressSettings settings;
    private final Metrics metrics;
    private final ReadModel memory;
    private final HttpServer http;
    private final HttpServer admin;

    private IngressService(IngressSettings settings) {
        this.settings = settings;
        try {
            metrics = started(new Metrics("ingress"));
            var kafka = started(new KafkaClients(settings.kafka(), "ingress", instance(), metrics.registry()));
            var publisher = started(new CommandPublisher(kafka, settings.ackPatience()));
            memory = started(new ReadModel(kafka, settings.verdicts(), settings.events(), metrics.registry()));
            memory.addTo(health);
            health.readyWhen("commands", unless(publisher::isConnected, "cannot be written yet"));
            var address = new ClientAddress(settings.protection());
            var events = new EventRoutes(memory.registry(), memory::isCurrent, memory.feeds(), settings.events(),
                    address, metrics.registry());
            http = callers(address, publisher, gate(kafka), events);
            admin = operators(address, publisher);
            started(this::closePorts);
            // Stopped first, for streams do not end by themselves.
            started(events);
        } catch (RuntimeException e) {
            stop(Duration.ZERO);
            throw e;
        }
    }

    private RedisAdmissionGate gate(KafkaClients kafka) {
        var log = new LogIdentity(kafka.topicIds(Topics.all().stream().map(TopicSpec::name).toList()));
        var open = new OpenCoupons(directory(), settings.gate(), InstantSource.system());
        var authority = started(new AuthorityHolders(settings.http().processor()));
        var projector = started(new GateProjector(kafka, settings.redis(), settings.gate(), log, open, authority,
                metrics.registry()));
        health.liveWhen("gate-projector", projector::problem);
        var gate = started(new RedisAdmissionGate(settings.redis(), settings.gate(), log.id(), InstantSource.system(),
                metrics.registry()));
        health.liveWhen("gate", gate::problem);
        return gate;
    }

    private CouponDirectory directory() {
        return new CouponDirectory() {

            @Override
            public Optional<CouponState> find(CouponId couponId) {
                return memory.registry().find(couponId);
            }

            @Override
            public Stream<CouponState> all() {
                return memory.registry().all();
            }

            @Override
            public boolean isCurrent() {
                return memory.isCurrent();
            }
        };
    }

    private HttpServer callers(ClientAddress address, CommandPublisher publisher, RedisAdmissionGate gate,
            EventRoutes events) {
        var authentication = started(new Authentication(settings.identity(), address, metrics.registry()));
        health.readyWhen("tokens", unless(authentication::isReady, "cannot be verified yet"));
        var protection = new ClaimProtection(settings.protection(), settings.identity().callersAreUsers(), address,
                metrics.registry());
        var issues = ClaimRoutes.of(memory.registry(), memory::knowsClaims, memory.board(), gate, memory.moves(),
                publisher, settings.gate(), protection, metrics.registry());
        var coupons = new CouponRoutes(memory.registry(), memory::isCurrent);
        var requests = new RequestRoutes(memory.board(), protection);
        var passedOn = started(new ProxyRoutes(settings.http().processor(), settings.http().sink()));
        return serve(settings.http().host(), settings.http().port(), routes -> {
            authentication.addTo(routes);
            issues.addTo(routes);
            coupons.addTo(routes);
            requests.addTo(routes);
            passedOn.addTo(routes);
            events.addTo(routes);
            new DocumentRoutes().addTo(routes);
        });
    }

    private HttpServer operators(ClientAddress address, CommandPublisher publisher) {
        HttpSettings own = settings.http();
        var failures = new FailedAttempts("failed-operators", own.adminFailuresPerMinute(), address,
                metrics.registry());
        var door = new AdminAuthFilter(own.adminToken(), failures, address);
        var commands = new AdminRoutes(door, publisher, memory.board(), own.adminPatience());
        return serve(own.adminHost(), own.adminPort(), commands::addTo);
    }

    private HttpServer serve(String host, int port, Consumer<RoutesConfig> routes) {
        HttpServerSettings edge = settings.edge().answeringWithin(settings.longestAnswer());
        return started(HttpServer.start(host, port, edge, health, metrics, routes));
    }

    private <T extends AutoCloseable> T started(T part) {
        started.push(part);
        return part;
    }

    /** Tells this ingress from others in the names of its Kafka clients. */
    private static String instance() {
        return UUID.randomUUID().toString().substring(0, 8);
    }

    /**
     * Starts an ingress. It takes claims once {@code /readyz} says so, which does not ask for Redis.
     *
     * @throws io.firstcome.kit.service.StartFailure when Kafka is not reached, a topic differs, or a port is taken
     */
    public static IngressService start(IngressSettings settings) {
        TopicProvisioner.ensure(settings.kafka(), Topics.all());
        return new IngressService(settings);
    }

    private static Supplier<Optional<String>> unless(BooleanSupplier fine, String problem) {
        return () -> fine.getAsBoolean() ? Optional.empty() : Optional.of(problem);
    }

    @Override
    public String url() {
        return http.url();
    }

    @Override
    public Health health() {
        return health;
    }

    /** Where operators are answered, without a slash at the end. */
    public String adminUrl() {
        return admin.url();
    }

    SortedSet<String> callersRoutes() {
        return http.routes();
    }

    SortedSet<String> operatorsRoutes() {
        return admin.routes();
    }

    /**
     * Not ready from now on; whoever waits for a decision is told that it is pending, for it stands in the log; what is
     * under way is answered; then the parts stop in the reverse order of their start, the log's producer flushing.
     */
    @Override
    public void close() {
        stop(settings.edge().stopDelay());
    }

    private void stop(Duration untilNoticed) {
        health.stopping(untilNoticed);
        if (memory != null) {
            memory.board().close();
        }
        while (!started.isEmpty()) {
            close(started.pop());
        }
    }

    /** Side by side: each may have to wait for its requests under way. */
    private void closePorts() throws InterruptedException {
        Thread operators = Thread.ofVirtual().name("stop-operators").start(() -> close(admin));
        close(http);
        operators.join();
    }

    private static void close(AutoCloseable part) {
        try {
            part.close();
        } catch (Exception e) {
            LOG.error("{} did not close well", part.getClass().getSimpleName(), e);
        }
    }
}

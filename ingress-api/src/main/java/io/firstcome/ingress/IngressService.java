package io.firstcome.ingress;

import java.net.InetAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.SortedSet;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;

import io.firstcome.contract.CouponState;
import io.firstcome.contract.id.CouponId;
import io.firstcome.contract.topic.TopicSpec;
import io.firstcome.contract.topic.Topics;
import io.firstcome.gate.admission.RedisAdmissionGate;
import io.firstcome.gate.projection.CouponDirectory;
import io.firstcome.gate.projection.GateProjector;
import io.firstcome.gate.projection.HolderSource;
import io.firstcome.gate.projection.LogIdentity;
import io.firstcome.gate.projection.OpenCoupons;
import io.firstcome.ingress.admin.AdminAuthFilter;
import io.firstcome.ingress.admin.AdminRoutes;
import io.firstcome.ingress.admin.ArchiveTimes;
import io.firstcome.ingress.admin.Archiver;
import io.firstcome.ingress.authority.AuthorityHolders;
import io.firstcome.ingress.claims.ClaimRoutes;
import io.firstcome.ingress.claims.HolderFill;
import io.firstcome.ingress.commands.DecidedCommands;
import io.firstcome.ingress.commands.UserRevocationRoute;
import io.firstcome.ingress.console.ConsoleRoutes;
import io.firstcome.ingress.documents.DocumentRoutes;
import io.firstcome.ingress.events.EventRoutes;
import io.firstcome.ingress.identity.Authentication;
import io.firstcome.ingress.limits.ClaimProtection;
import io.firstcome.ingress.limits.ClientAddress;
import io.firstcome.ingress.limits.RateLimit;
import io.firstcome.ingress.publishing.CommandPublisher;
import io.firstcome.ingress.query.CouponRoutes;
import io.firstcome.ingress.query.ProxyRoutes;
import io.firstcome.ingress.query.RequestRoutes;
import io.firstcome.ingress.status.LocalParts;
import io.firstcome.ingress.status.SystemStatusReader;
import io.firstcome.kit.early.EarlyAnswers;
import io.firstcome.kit.health.Health;
import io.firstcome.kit.kafka.KafkaClients;
import io.firstcome.kit.metrics.Metrics;
import io.firstcome.kit.server.HttpServer;
import io.firstcome.kit.server.HttpServerSettings;
import io.firstcome.kit.service.Service;
import io.firstcome.kit.service.StartedParts;
import io.firstcome.kit.topics.TopicMonitor;
import io.firstcome.kit.topics.TopicProvisioner;
import io.firstcome.kit.tracing.Tracing;
import io.firstcome.readmodel.ReadModel;
import io.firstcome.readmodel.coupons.CouponMeters;
import io.javalin.config.RoutesConfig;

/** Wires one ingress and starts and stops its parts in order. Any number of ingresses may run side by side. */
public final class IngressService implements Service {

    private final StartedParts parts = new StartedParts();
    private final Health health = new Health();
    private final IngressSettings settings;
    private final InstantSource clock;
    private final Tracing tracing;
    private final Metrics metrics;
    private final ReadModel readModel;
    private final HttpServer http;
    private final HttpServer admin;

    private IngressService(IngressSettings settings, InstantSource clock) {
        this.settings = settings;
        this.clock = clock;
        try {
            tracing = started(Tracing.start(settings.tracing(), "firstcome-ingress"));
            metrics = started(new Metrics("ingress"));
            var kafka = started(new KafkaClients(settings.kafka(), "ingress", instance(), metrics.registry()));
            readModel = started(new ReadModel(kafka, settings.requests(), settings.holders(),
                    settings.events(), metrics.registry()));
            var topics = started(TopicMonitor.start(settings.kafka(),
                    Topics.all().stream().map(TopicSpec::name).toList(), metrics.registry()));
            health.readyWhen("topics", topics::change).liveWhen("topic-monitor", topics::problem);
            var publisher = started(new CommandPublisher(kafka, settings.ackTimeout(), topics::isUnchanged,
                    readModel.ownAppends(), clock, tracing, metrics.registry()));
            readModel.addTo(health);
            new CouponMeters(readModel.registry()::all, readModel::areCouponsCurrent, settings.labelledCoupons(),
                    clock, metrics);
            health.liveWhen("commands-connect", publisher::problem);
            health.readyWhen("commands", unless(publisher::isConnected, "cannot be written yet"));
            var address = new ClientAddress(settings.protection());
            var events = new EventRoutes(readModel.registry(), readModel.coupons(), readModel.events(),
                    settings.events(), settings.identity().callersAreUsers(), address, metrics.registry());
            var authority = started(new AuthorityHolders(settings.http().processors()));
            var commands = new DecidedCommands(publisher, readModel.requests(), settings.http().adminTimeout());
            var log = new LogIdentity(kafka.topicIds(Topics.all().stream().map(TopicSpec::name).toList()));
            Supplier<Duration> skew = () -> settings.gate().skew().plus(publisher.clockDifference());
            GateProjector projector = startProjector(kafka, log, authority, skew);
            RedisAdmissionGate gate = startGate(log, skew);
            var status = started(new SystemStatusReader(health,
                    new LocalParts(gate::redisProblem, projector::delay, projector::lag, projector::stoppedPartitions,
                            topics::contactProblem, readModel::readProblem),
                    readModel.registry(), readModel::areCouponsCurrent, clock,
                    settings.http().processors(), settings.http().sinks()));
            http = startCallersPort(address, publisher, commands, authority, gate, skew, events);
            var console = new ConsoleRoutes(readModel, authority, status::status,
                    settings.identity().callersAreUsers(), () -> loopback(http.url()), metrics.registry());
            var archiveTimes = new ArchiveTimes(readModel.registry(), settings.archiveAfter(),
                    () -> kafka.retention(Topics.COMMANDS), skew);
            admin = startOperatorsPort(address, commands, archiveTimes, status, console);
            var archiver = started(new Archiver(readModel.registry(), publisher::publish, archiveTimes, clock,
                    metrics.registry()));
            health.liveWhen("archiver", archiver::problem);
            archiver.start();
            started(this::closePorts);
            // Stopped first, because event streams do not end by themselves.
            started(events);
            started(console);
        } catch (RuntimeException e) {
            stop(Duration.ZERO);
            throw e;
        }
    }

    private GateProjector startProjector(KafkaClients kafka, LogIdentity log, HolderSource authority,
            Supplier<Duration> skew) {
        var open = new OpenCoupons(directory(), settings.gate(), clock, skew);
        var projector = started(new GateProjector(kafka, settings.redis(), settings.gate(), log, open, authority,
                metrics.registry()));
        health.liveWhen("gate-projector", projector::problem);
        return projector;
    }

    private RedisAdmissionGate startGate(LogIdentity log, Supplier<Duration> skew) {
        var gate = started(new RedisAdmissionGate(settings.redis(), settings.gate(), log.id(),
                clock, skew, metrics.registry()));
        health.liveWhen("gate", gate::problem);
        gate.startRehearsal();
        health.readyWhen("gate-rehearsal", unless(gate::isRehearsed, "is still running"));
        return gate;
    }

    private CouponDirectory directory() {
        return new CouponDirectory() {

            @Override
            public Optional<CouponState> find(CouponId couponId) {
                return readModel.registry().find(couponId);
            }

            @Override
            public Stream<CouponState> all() {
                return readModel.registry().all();
            }

            @Override
            public boolean isCurrent(int partition) {
                return readModel.areCouponsCurrent(partition);
            }

            @Override
            public boolean isReadSince(int partition, long moment) {
                return readModel.areCouponsReadSince(partition, moment);
            }
        };
    }

    private HttpServer startCallersPort(ClientAddress address, CommandPublisher publisher, DecidedCommands commands,
            HolderSource authority, RedisAdmissionGate gate, Supplier<Duration> skew, EventRoutes events) {
        var authentication = started(new Authentication(settings.identity(), address, metrics.registry()));
        health.readyWhen("tokens", unless(authentication::isReady, "cannot be verified yet"));
        health.liveWhen("token-keys", authentication::problem);
        var protection = new ClaimProtection(settings.protection(), settings.identity().callersAreUsers(), address,
                metrics.registry());
        var fill = started(new HolderFill(readModel.registry(), readModel.holders(), authority,
                clock, metrics.registry()));
        health.liveWhen("holder-fill", fill::problem);
        var claims = new ClaimRoutes(readModel, fill, gate, publisher, settings.gate(), settings.appendDelays(),
                settings.protection().stockWaiters(), clock, skew, protection, health::isStopping, tracing,
                metrics.registry());
        var coupons = new CouponRoutes(readModel.registry(), readModel::areCouponsCurrent, readModel.coupons());
        var requests = new RequestRoutes(readModel.requests(), readModel.claimCatchUp(),
                readModel::mayHaveUnknownClaim, protection);
        var revocations = new UserRevocationRoute(settings.identity().usersMayRevoke(), commands, readModel.coupons(),
                protection);
        var proxied = started(new ProxyRoutes(settings.http().processors(), settings.http().sinks()));
        // A token is verified by the route only.
        Optional<EarlyAnswers> early = settings.identity().callersAreUsers()
                ? Optional.empty()
                : Optional.of(claims.early());
        return startPort(settings.http().host(), settings.http().port(), early, routes -> {
            authentication.addTo(routes);
            claims.addTo(routes);
            coupons.addTo(routes);
            requests.addTo(routes);
            revocations.addTo(routes);
            proxied.addTo(routes);
            events.addTo(routes);
            new DocumentRoutes().addTo(routes);
        });
    }

    private HttpServer startOperatorsPort(ClientAddress address, DecidedCommands commands, ArchiveTimes archiveTimes,
            SystemStatusReader status, ConsoleRoutes console) {
        HttpSettings http = settings.http();
        RateLimit<InetAddress> failures = RateLimit.perMinute("failed-operators", http.adminFailuresPerMinute(),
                System::nanoTime, metrics.registry());
        var authFilter = new AdminAuthFilter(http.adminToken(), failures, address);
        var operators = new AdminRoutes(authFilter, commands, readModel.coupons(), archiveTimes, clock);
        return startPort(http.adminHost(), http.adminPort(), Optional.empty(), routes -> {
            operators.addTo(routes);
            status.addTo(routes);
            console.addTo(routes);
        });
    }

    private HttpServer startPort(String host, int port, Optional<EarlyAnswers> early,
            Consumer<RoutesConfig> routes) {
        HttpServerSettings server = settings.server().answeringWithin(settings.longestAnswer());
        return started(HttpServer.start(host, port, server, health, metrics, tracing, routes, early));
    }

    /** A URL that reaches the port from this machine, also where the port listens on all addresses. */
    private static String loopback(String url) {
        return url.replace("//0.0.0.0:", "//127.0.0.1:").replace("//[::]:", "//[::1]:");
    }

    private <T extends AutoCloseable> T started(T part) {
        return parts.add(part);
    }

    /** Distinguishes the Kafka clients of this ingress from those of others. */
    private static String instance() {
        return UUID.randomUUID().toString().substring(0, 8);
    }

    /**
     * Starts an ingress. It accepts claims once {@code /readyz} answers 200, which does not depend on Redis.
     *
     * @throws io.firstcome.kit.service.StartFailure when Kafka cannot be reached, a topic differs, or a port is in use
     */
    public static IngressService start(IngressSettings settings) {
        return start(settings, InstantSource.system());
    }

    /**
     * Starts an ingress with another clock than the system's.
     *
     * @throws io.firstcome.kit.service.StartFailure when Kafka cannot be reached, a topic differs, or a port is in use
     */
    public static IngressService start(IngressSettings settings, InstantSource clock) {
        TopicProvisioner.ensure(settings.kafka(), Topics.all());
        return new IngressService(settings, clock);
    }

    private static Supplier<Optional<String>> unless(BooleanSupplier healthy, String problem) {
        return () -> healthy.getAsBoolean() ? Optional.empty() : Optional.of(problem);
    }

    @Override
    public String url() {
        return http.url();
    }

    @Override
    public Health health() {
        return health;
    }

    /** The base URL of the operators' port, without a trailing slash. */
    public String adminUrl() {
        return admin.url();
    }

    SortedSet<String> callerRoutes() {
        return http.routes();
    }

    SortedSet<String> operatorRoutes() {
        return admin.routes();
    }

    /**
     * Makes the ingress not ready, answers 202 to claims that wait for a decision, completes the other requests in
     * progress, then stops the parts in the reverse order of their start. The producer sends its buffer.
     */
    @Override
    public void close() {
        stop(settings.server().stopDelay());
    }

    private void stop(Duration delay) {
        health.stopping(delay);
        if (readModel != null) {
            readModel.requests().close();
        }
        parts.close();
    }

    /** Closes both ports concurrently: each may have to wait for its requests in progress. */
    private void closePorts() throws InterruptedException {
        Thread operators = Thread.ofVirtual().name("stop-operators").start(() -> StartedParts.close(admin));
        StartedParts.close(http);
        operators.join();
    }
}

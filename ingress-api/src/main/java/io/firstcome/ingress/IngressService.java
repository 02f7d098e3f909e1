package io.firstcome.ingress;

import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

import io.firstcome.contract.CouponOutcome;
import io.firstcome.contract.CouponOutcome.ChangeRejected;
import io.firstcome.contract.CouponOutcome.CommandInvalid;
import io.firstcome.contract.CouponOutcome.CouponChanged;
import io.firstcome.contract.CouponOutcome.CouponIssued;
import io.firstcome.contract.CouponOutcome.IssueRejected;
import io.firstcome.contract.CouponState;
import io.firstcome.contract.TopicSpec;
import io.firstcome.contract.Topics;
import io.firstcome.ingress.admission.RedisAdmissionGate;
import io.firstcome.ingress.issuing.IssueHttp;
import io.firstcome.ingress.kafka.KafkaClients;
import io.firstcome.ingress.kafka.TopicTail;
import io.firstcome.ingress.operating.AdminHttp;
import io.firstcome.ingress.projection.GateProjector;
import io.firstcome.ingress.projection.ProjectedLog;
import io.firstcome.ingress.publishing.CommandPublisher;
import io.firstcome.ingress.query.AuthorityHttp;
import io.firstcome.ingress.query.QueryHttp;
import io.firstcome.ingress.registry.CouponMoves;
import io.firstcome.ingress.registry.CouponRegistry;
import io.firstcome.ingress.verdict.VerdictBoard;
import io.firstcome.kit.health.Health;
import io.firstcome.kit.http.HttpShell;
import io.firstcome.kit.metrics.Metrics;
import io.firstcome.kit.service.Service;
import io.firstcome.kit.topics.TopicProvisioner;

/** One ingress: what it is made of, and the order in which it starts and stops. Any number may run side by side. */
public final class IngressService implements Service {

    private final Metrics metrics = new Metrics("ingress");
    private final Health health = new Health();
    private final CouponMoves moves = new CouponMoves();
    private final CouponRegistry registry = new CouponRegistry(moves::moved);
    private final VerdictBoard board;
    private final KafkaClients kafka;
    private final CommandPublisher publisher;
    private final TopicTail<CouponState> states;
    private final TopicTail<CouponOutcome> outcomes;
    private final RedisAdmissionGate gate;
    private final GateProjector projector;
    private final AuthorityHttp authority;
    private final HttpShell http;
    private final HttpShell admin;

    private IngressService(IngressSettings settings) {
        var meters = metrics.registry();
        board = new VerdictBoard(settings.verdicts(), System::nanoTime);
        kafka = new KafkaClients(settings.kafka(), UUID.randomUUID().toString().substring(0, 8), meters);
        publisher = new CommandPublisher(kafka, settings.ackPatience());
        states = TopicTail.fromTheBeginning(kafka, Topics.STATES, registry::learn, meters);
        outcomes = TopicTail.from(settings.verdicts().kept(), kafka, Topics.OUTCOMES, this::learn, meters);
        var log = new ProjectedLog(kafka.topicIds(Topics.all().stream().map(TopicSpec::name).toList()));
        gate = new RedisAdmissionGate(settings.redis(), settings.gate(), log.id(), InstantSource.system(), meters);
        projector = new GateProjector(kafka, settings.redis(), settings.gate(), log, meters);
        authority = new AuthorityHttp(settings.http().processor());
        health.readyWhen("coupons", unless(states::isCaughtUp, "are still being read"))
                .readyWhen("verdicts", unless(outcomes::isCaughtUp, "are still being read"))
                .readyWhen("commands", unless(publisher::isConnected, "cannot be written yet"));
        var issues = IssueHttp.of(registry, states::isCaughtUp, board, gate, moves, publisher, settings.gate(), meters);
        var queries = new QueryHttp(registry, states::isCaughtUp, board);
        http = HttpShell.start(settings.http().host(), settings.http().port(), health, metrics, routes -> {
            issues.addTo(routes);
            queries.addTo(routes);
            authority.addTo(routes);
        });
        var operators = new AdminHttp(settings.http().adminToken(), publisher, board, settings.http().adminPatience());
        admin = HttpShell.start(settings.http().host(), settings.http().adminPort(), health, metrics,
                operators::addTo);
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

    /** The registry first: who is woken by the board must find there what the outcome says. */
    private void learn(CouponOutcome outcome) {
        switch (outcome) {
            case CouponIssued issued -> registry.learnIssued(issued.couponId(), issued.sequence());
            case CouponChanged changed -> registry.learn(changed.state());
            // Its reservation comes free.
            case IssueRejected rejected -> moves.moved(rejected.couponId());
            case ChangeRejected rejected -> {
                // The coupon is as it was.
            }
            case CommandInvalid invalid -> {
                // It means nothing but to its sender.
            }
        }
        board.record(outcome);
    }

    @Override
    public String url() {
        return http.url();
    }

    /** Where operators are answered, without a slash at the end. */
    public String adminUrl() {
        return admin.url();
    }

    /** Whoever waits for a decision is told that it is pending, for it stands in the log; then everything is closed. */
    @Override
    public void close() {
        health.stopping();
        board.close();
        http.close();
        admin.close();
        publisher.close();
        projector.close();
        outcomes.close();
        states.close();
        authority.close();
        gate.close();
        kafka.close();
        metrics.close();
    }
}

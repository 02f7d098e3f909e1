package io.firstcome.sink;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

import io.firstcome.contract.topic.TopicSpec;
import io.firstcome.contract.topic.Topics;
import io.firstcome.kit.health.Health;
import io.firstcome.kit.kafka.KafkaClients;
import io.firstcome.kit.metrics.Metrics;
import io.firstcome.kit.server.HttpServer;
import io.firstcome.kit.service.Service;
import io.firstcome.kit.service.StartFailure;
import io.firstcome.kit.topics.TopicMonitor;
import io.firstcome.kit.topics.TopicProvisioner;
import io.firstcome.kit.tracing.Tracing;
import io.firstcome.sink.database.Database;
import io.firstcome.sink.query.UserCouponRoutes;
import io.firstcome.sink.store.OutcomeSink;

/** One instance of the sink: it stores outcomes, serves queries of the tables, and answers probes. */
public final class SinkService implements Service {

    private static final List<TopicSpec> TOPICS = List.of(Topics.OUTCOMES, Topics.OUTCOMES_DLQ);

    private final Health health = new Health();
    private final Metrics metrics;
    private final Tracing tracing;
    private final Database database;
    private final HttpServer http;
    private final KafkaClients clients;
    private final OutcomeSink sink;
    private final TopicMonitor topics;
    private final Duration stopDelay;

    private SinkService(SinkSettings settings, Database database, Metrics metrics) {
        this.database = database;
        this.metrics = metrics;
        this.tracing = Tracing.start(settings.tracing(), "firstcome-sink");
        this.stopDelay = settings.edge().stopDelay();
        // Replaced when the sink registers its checks: until then the open port must not report readiness.
        health.readyWhen("group", () -> Optional.of("is starting"));
        http = HttpServer.start(settings.host(), settings.port(), settings.edge(), health, metrics, tracing,
                new UserCouponRoutes(database.readers())::addTo, Optional.empty());
        String instance = UUID.randomUUID().toString().substring(0, 8);
        clients = new KafkaClients(settings.kafka(), "sink", instance, metrics.registry());
        // It goes on storing after a change: the tables are the list of winners for another cluster.
        topics = TopicMonitor.start(settings.kafka(), TOPICS.stream().map(TopicSpec::name).toList(),
                metrics.registry());
        health.readyWhen("topics", topics::change).liveWhen("topic-monitor", topics::problem);
        sink = OutcomeSink.start(clients, settings.group(), settings.batchSize(), settings.maxRefusals(), database,
                health, tracing, metrics.registry());
    }

    /**
     * Starts an instance. MySQL need not be reachable: {@code /readyz} answers 200 once outcomes can be stored.
     *
     * @throws StartFailure when Kafka cannot be reached, a topic differs from its declaration, the JDBC URL is invalid,
     *             MySQL refuses user, password or database, or the port is taken
     */
    public static SinkService start(SinkSettings settings) {
        TopicProvisioner.ensure(settings.kafka(), TOPICS);
        var metrics = new Metrics("db-sink");
        Database database = Database.open(settings.database(), metrics.registry());
        try {
            return new SinkService(settings, database, metrics);
        } catch (RuntimeException e) {
            database.close();
            throw e;
        }
    }

    @Override
    public String url() {
        return http.url();
    }

    @Override
    public Health health() {
        return health;
    }

    /** Finishes the batch under way. */
    @Override
    public void close() {
        health.stopping(stopDelay);
        sink.close();
        topics.close();
        http.close();
        clients.close();
        database.close();
        metrics.close();
        tracing.close();
    }
}

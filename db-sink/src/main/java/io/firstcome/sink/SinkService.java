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
import io.firstcome.kit.service.StartedParts;
import io.firstcome.kit.service.StartFailure;
import io.firstcome.kit.status.ComponentStatus;
import io.firstcome.kit.status.StatusRoute;
import io.firstcome.kit.topics.TopicMonitor;
import io.firstcome.kit.topics.TopicProvisioner;
import io.firstcome.kit.tracing.Tracing;
import io.firstcome.sink.database.Database;
import io.firstcome.sink.query.UserCouponRoutes;
import io.firstcome.sink.store.OutcomeSink;

/** One instance of the sink: it stores outcomes, serves queries of the tables, and answers probes. */
public final class SinkService implements Service {

    private static final List<TopicSpec> TOPICS = List.of(Topics.OUTCOMES, Topics.OUTCOMES_DLQ);

    private final StartedParts parts = new StartedParts();
    private final Health health = new Health();
    private final HttpServer http;
    private final OutcomeSink sink;
    private final Duration stopDelay;

    private SinkService(SinkSettings settings) {
        stopDelay = settings.edge().stopDelay();
        // Replaced when the sink registers its checks: until then the open port must not report readiness.
        health.readyWhen("group", () -> Optional.of("is starting"));
        try {
            var tracing = parts.add(Tracing.start(settings.tracing(), "firstcome-sink"));
            var metrics = parts.add(new Metrics("db-sink"));
            var database = parts.add(Database.open(settings.database(), metrics.registry()));
            String instance = UUID.randomUUID().toString().substring(0, 8);
            var clients = parts.add(new KafkaClients(settings.kafka(), "sink", instance, metrics.registry()));
            http = parts.add(HttpServer.start(settings.host(), settings.port(), settings.edge(), health, metrics,
                    tracing, routes -> {
                        new UserCouponRoutes(database.readers()).addTo(routes);
                        new StatusRoute(this::status).addTo(routes);
                    }, Optional.empty()));
            // It goes on storing after a change: the tables are the list of winners for another cluster.
            var topics = parts.add(TopicMonitor.start(settings.kafka(), TOPICS.stream().map(TopicSpec::name).toList(),
                    metrics.registry()));
            health.readyWhen("topics", topics::change).liveWhen("topic-monitor", topics::problem);
            sink = parts.add(OutcomeSink.start(clients, settings.group(), settings.batchSize(),
                    settings.maxRefusals(), database, health, tracing, metrics.registry()));
        } catch (RuntimeException e) {
            parts.close();
            throw e;
        }
    }

    /**
     * Starts an instance. MySQL need not be reachable: {@code /readyz} answers 200 once outcomes can be stored.
     *
     * @throws StartFailure when Kafka cannot be reached, a topic differs from its declaration, the JDBC URL is invalid,
     *             MySQL refuses user, password or database, or the port is taken
     */
    public static SinkService start(SinkSettings settings) {
        TopicProvisioner.ensure(settings.kafka(), TOPICS);
        return new SinkService(settings);
    }

    /** The status of this instance and of the partitions that it stores. */
    private ComponentStatus status() {
        ComponentStatus status = ComponentStatus.of("sink", health);
        return sink == null ? status : status.withLag(sink.lag()).withStoppedPartitions(sink.stoppedPartitions());
    }

    @Override
    public String url() {
        return http.url();
    }

    @Override
    public Health health() {
        return health;
    }

    /** Finishes the batch under way, then stops the other parts. */
    @Override
    public void close() {
        health.stopping(stopDelay);
        parts.close();
    }
}

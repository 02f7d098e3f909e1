package io.firstcome.sink;

import java.time.Duration;
import java.util.List;

import io.firstcome.contract.Topics;
import io.firstcome.kit.health.Health;
import io.firstcome.kit.metrics.Metrics;
import io.firstcome.kit.server.HttpServer;
import io.firstcome.kit.service.Service;
import io.firstcome.kit.service.StartFailure;
import io.firstcome.kit.topics.TopicProvisioner;
import io.firstcome.sink.loop.SinkLoop;
import io.firstcome.sink.loop.SinkStatus;
import io.firstcome.sink.mysql.Database;
import io.firstcome.sink.query.UserCouponRoutes;

/** One instance of the sink: the loop, its probes, and what can be asked of the tables. */
public final class SinkService implements Service {

    private final Health health = new Health();
    private final Metrics metrics;
    private final Database database;
    private final HttpServer http;
    private final SinkLoop loop;
    private final Duration stopDelay;

    private SinkService(SinkSettings settings, Database database, Metrics metrics) {
        this.database = database;
        this.metrics = metrics;
        this.stopDelay = settings.edge().stopDelay();
        var status = new SinkStatus();
        status.register(health);
        http = HttpServer.start(settings.host(), settings.port(), settings.edge(), health, metrics,
                new UserCouponRoutes(database.readers())::addTo);
        loop = SinkLoop.start(settings.kafka(), settings.group(), settings.batchSize(), database, status,
                metrics.registry());
    }

    /**
     * Starts an instance. It waits for a MySQL that cannot be reached yet, and stores once {@code /readyz} says so.
     *
     * @throws StartFailure when Kafka is not reached, a topic differs, the JDBC URL is none, MySQL refuses user, password
     *             or database, or the port is taken
     */
    public static SinkService start(SinkSettings settings) {
        TopicProvisioner.ensure(settings.kafka(), List.of(Topics.OUTCOMES, Topics.OUTCOMES_DLQ));
        var metrics = new Metrics("db-sink");
        Database database = Database.open(settings.database(), metrics.registry());
        try {
            return new SinkService(settings, database, metrics);
        } catch (StartFailure e) {
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
        loop.close();
        http.close();
        database.close();
        metrics.close();
    }
}

package io.firstcome.processor;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Properties;

import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.CloseOptions.GroupMembershipOperation;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.errors.StreamsException;
import org.apache.kafka.streams.state.HostInfo;

import io.firstcome.contract.Topics;
import io.firstcome.kit.health.Health;
import io.firstcome.kit.metrics.Metrics;
import io.firstcome.kit.server.HttpServer;
import io.firstcome.kit.service.Service;
import io.firstcome.kit.service.StartFailure;
import io.firstcome.kit.topics.TopicProvisioner;
import io.firstcome.processor.query.CouponQueries;
import io.firstcome.processor.topology.CouponTopology;
import io.micrometer.core.instrument.binder.kafka.KafkaStreamsMetrics;

/** One instance of the authority: the topology, its queries and its probes. */
public final class ProcessorService implements Service {

    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(20);

    private final StreamsHealth streamsHealth = new StreamsHealth();
    private final Health health = new Health().readyWhen("streams", streamsHealth::problemOfReadiness)
            .liveWhen("streams-client", streamsHealth::problemOfLiveness);
    private final Metrics metrics = new Metrics("streams-processor");
    private final CouponQueries queries = new CouponQueries();
    private final HttpServer http;
    private final KafkaStreams streams;
    private final KafkaStreamsMetrics streamsMetrics;
    private final Duration stopDelay;

    private ProcessorService(ProcessorSettings settings, int replicas) {
        stopDelay = settings.edge().stopDelay();
        // First, because a free port must be known before Kafka Streams can tell the other instances of it.
        http = HttpServer.start(settings.host(), settings.port(), settings.edge(), health, metrics, queries::register);
        HostInfo self = new HostInfo(settings.advertisedHost(), http.port());
        streams = streams(settings, StreamsProperties.of(settings, self, replicas));
        streams.setStateListener(streamsHealth);
        streams.setUncaughtExceptionHandler(new ThreadFailures(settings.threads(), InstantSource.system()));
        streamsMetrics = new KafkaStreamsMetrics(streams);
        streamsMetrics.bindTo(metrics.registry());
        queries.open(streams, self);
        streams.start();
    }

    /**
     * Starts an instance: topics first, then HTTP, then the streams. It decides and answers once {@code /readyz} says so.
     *
     * @throws io.firstcome.kit.service.StartFailure when Kafka is not reached, a topic differs, or the port is taken
     */
    public static ProcessorService start(ProcessorSettings settings) {
        int replicas = TopicProvisioner.ensure(settings.kafka(), Topics.all());
        return new ProcessorService(settings, replicas);
    }

    private KafkaStreams streams(ProcessorSettings settings, Properties properties) {
        var observer = new OutcomeMetrics(metrics.registry());
        try {
            return new KafkaStreams(CouponTopology.build(settings.kafka().partitions(), observer), properties);
        } catch (StreamsException e) {
            closeShell();
            throw new StartFailure("state directory " + settings.stateDir() + " cannot be used (" + e.getMessage()
                    + "): set FIRSTCOME_STATE_DIR to one that no other instance uses", e);
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

    /**
     * Commits what is decided, hands the partitions over at once and leaves the stores on disk as they are: an instance
     * that ends otherwise has to restore them from the first record on.
     */
    @Override
    public void close() {
        health.stopping(stopDelay);
        streams.close(CloseOptions.timeout(CLOSE_PATIENCE)
                .withGroupMembershipOperation(GroupMembershipOperation.LEAVE_GROUP));
        streamsMetrics.close();
        closeShell();
    }

    private void closeShell() {
        http.close();
        queries.close();
        metrics.close();
    }
}

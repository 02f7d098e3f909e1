package io.firstcome.processor;

import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Properties;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.CloseOptions.GroupMembershipOperation;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.errors.StreamsException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.apache.kafka.streams.state.HostInfo;

import io.firstcome.contract.json.ContractViolation;
import io.firstcome.contract.topic.Topics;
import io.firstcome.kit.health.Health;
import io.firstcome.kit.metrics.Meters;
import io.firstcome.kit.metrics.Metrics;
import io.firstcome.kit.server.HttpServer;
import io.firstcome.kit.service.Service;
import io.firstcome.kit.service.StartFailure;
import io.firstcome.kit.service.StartedParts;
import io.firstcome.kit.status.ComponentStatus;
import io.firstcome.kit.status.RecentValue;
import io.firstcome.kit.status.StatusRoute;
import io.firstcome.kit.topics.TopicMonitor;
import io.firstcome.kit.topics.TopicProvisioner;
import io.firstcome.kit.tracing.Tracing;
import io.firstcome.processor.commit.CommitPacer;
import io.firstcome.processor.continuity.KafkaFacts;
import io.firstcome.processor.continuity.NewerData;
import io.firstcome.processor.metrics.DecisionMetrics;
import io.firstcome.processor.metrics.MeasuredProducers;
import io.firstcome.processor.metrics.RestoreMetrics;
import io.firstcome.processor.query.CouponQueries;
import io.firstcome.processor.query.ServedTasks;
import io.firstcome.processor.topology.CouponTopology;
import io.micrometer.core.instrument.binder.kafka.KafkaStreamsMetrics;

/** One instance of the authority: the topology, the queries and the probes. */
public final class ProcessorService implements Service {

    private static final Logger LOG = LoggerFactory.getLogger(ProcessorService.class);

    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(20);
    /** Longer than an ingress takes to notice that partitions were added, and to have its last claims acknowledged. */
    private static final Duration LAST_CLAIMS = Duration.ofSeconds(5);
    /** Longer than a usual backlog. Later Kafka Streams stops by itself. */
    private static final Duration MAX_DECIDING = Duration.ofMinutes(4);
    private static final Duration BACKLOG_INTERVAL = Duration.ofMillis(500);
    /** Shorter than an ingress waits for the status. */
    private static final Duration STATUS_TIMEOUT = Duration.ofMillis(700);

    private final StreamsHealth streamsHealth = new StreamsHealth();
    private final Health health = new Health().readyWhen("streams", streamsHealth::problemOfReadiness)
            .liveWhen("streams-client", streamsHealth::problemOfLiveness);
    private final Metrics metrics = new Metrics("streams-processor");
    private final RecentValue<OptionalLong> lag = new RecentValue<>(this::undecided);
    private final Tracing tracing;
    private final KafkaFacts facts;
    private final CouponQueries queries;
    private final HttpServer http;
    private final KafkaStreams streams;
    private final ClosedStores stores;
    private final KafkaStreamsMetrics streamsMetrics;
    private final Duration stopDelay;
    private final TopicMonitor topics;

    private ProcessorService(ProcessorSettings settings, Collection<String> topicNames) {
        tracing = Tracing.start(settings.tracing(), "firstcome-authority");
        stopDelay = settings.edge().stopDelay();
        queries = new CouponQueries(settings.peers());
        // HTTP starts first, because Kafka Streams publishes the port to the other instances.
        http = HttpServer.start(settings.host(), settings.port(), settings.edge(), health, metrics, tracing, routes -> {
            queries.register(routes);
            new StatusRoute(this::status).addTo(routes);
        }, Optional.empty());
        facts = new KafkaFacts(settings.kafka(), settings.applicationId(), settings.acceptedLoss(),
                metrics.registry());
        health.liveWhen("topic-followers", facts::problem);
        HostInfo self = new HostInfo(settings.advertisedHost(), http.port());
        stores = new ClosedStores(settings.stateDir(), settings.applicationId());
        var served = new ServedTasks(new DecisionMetrics(metrics.registry(), System::currentTimeMillis));
        streams = streams(settings, StreamsProperties.of(settings, self), served);
        streams.setStateListener(streamsHealth);
        streams.setGlobalStateRestoreListener(new RestoreMetrics(metrics.registry()));
        streams.setUncaughtExceptionHandler(
                new ThreadFailures(settings.threads(), InstantSource.system(), streamsHealth::refuse));
        streamsMetrics = new KafkaStreamsMetrics(streams);
        streamsMetrics.bindTo(metrics.registry());
        queries.open(streams, self, served);
        awaitFacts();
        deleteOpenStores();
        streams.start();
        Meters.AUTHORITY_LAG.register(metrics.registry(),
                () -> lag.get().isPresent() ? lag.get().getAsLong() : Double.NaN);
        topics = TopicMonitor.start(settings.kafka(), topicNames, this::stopAfterLastDecisions, metrics.registry());
        health.readyWhen("topics", topics::change).liveWhen("topic-monitor", topics::problem);
    }

    /**
     * Kafka Streams would stop at its next rebalance, minutes later, and advise a reset. So this instance stops before
     * that, after it has decided what the ingresses appended until they noticed the change.
     */
    private void stopAfterLastDecisions() throws InterruptedException {
        Thread.sleep(LAST_CLAIMS);
        long undecided = awaitNone(facts::undecided, MAX_DECIDING);
        closeStreams();
        streamsHealth.refuse(topics.change().orElseThrow()
                + (undecided == 0 ? "" : ". " + undecided + " commands have not been decided"));
    }

    /** Waits until no command is undecided, and returns how many are when the time is over. */
    static long awaitNone(LongSupplier undecided, Duration timeout) throws InterruptedException {
        long end = System.nanoTime() + timeout.toNanos();
        long rest = undecided.getAsLong();
        while (rest > 0 && System.nanoTime() < end) {
            Thread.sleep(BACKLOG_INTERVAL);
            rest = undecided.getAsLong();
        }
        return rest;
    }

    /**
     * Starts an instance: topics first, then HTTP, then the streams. It decides and answers once {@code /readyz} is
     * 200.
     *
     * @throws io.firstcome.kit.service.StartFailure when Kafka cannot be reached, a topic differs from its
     *     specification, or the port is in use
     */
    public static ProcessorService start(ProcessorSettings settings) {
        Map<String, Map<String, String>> topics = new HashMap<>(Changelogs.settings(settings.applicationId()));
        Topics.all().forEach(topic -> topics.put(topic.name(), topic.settings()));
        TopicProvisioner.ensure(settings.kafka(), topics);
        return new ProcessorService(settings, topics.keySet());
    }

    private KafkaStreams streams(ProcessorSettings settings, Properties properties, CouponTopology.Observer observer) {
        try {
            var pacer = new CommitPacer(settings.commitInterval());
            return new KafkaStreams(CouponTopology.build(settings.kafka().partitions(), facts,
                    settings.acceptedLoss(), pacer, tracing, observer), properties,
                    new MeasuredProducers(metrics.registry()));
        } catch (StreamsException e) {
            closeServer();
            throw new StartFailure("cannot use state directory " + settings.stateDir() + " (" + e.getMessage()
                    + "): set FIRSTCOME_STATE_DIR to a directory that no other instance uses", e);
        }
    }

    private void awaitFacts() {
        try {
            facts.awaitRead();
        } catch (StreamsException | ContractViolation | NewerData e) {
            streams.close();
            streamsMetrics.close();
            closeServer();
            throw new StartFailure("cannot compare the stores with Kafka: " + e.getMessage(), e);
        }
    }

    private void deleteOpenStores() {
        try {
            if (stores.open()) {
                LOG.info("the stores were not closed in good order, so they are restored from their changelogs");
                streams.cleanUp();
            }
        } catch (IOException | StreamsException e) {
            streams.close();
            streamsMetrics.close();
            closeServer();
            throw new StartFailure("cannot delete stores that were not closed: " + e
                    + ". Give this service the rights to FIRSTCOME_STATE_DIR.", e);
        }
    }

    /** The commands of all partitions. Not known until this instance has started, or without Kafka. */
    private OptionalLong undecided() {
        return facts == null
                ? OptionalLong.empty()
                : facts.undecidedWithin(STATUS_TIMEOUT);
    }

    private ComponentStatus status() {
        return ComponentStatus.of("authority", health).withLag(lag.get());
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
     * Commits, releases the partitions at once and keeps the stores on disk. After any other end the next start deletes
     * the stores and restores them from the beginning of their changelogs.
     */
    @Override
    public void close() {
        health.stopping(stopDelay);
        topics.close();
        closeStreams();
        streamsMetrics.close();
        closeServer();
    }

    private void closeStreams() {
        boolean isClosed = streams.close(CloseOptions.timeout(CLOSE_TIMEOUT)
                .withGroupMembershipOperation(GroupMembershipOperation.LEAVE_GROUP));
        if (isClosed) {
            try {
                stores.close();
            } catch (IOException e) {
                LOG.warn("the next start restores the stores, because a file in FIRSTCOME_STATE_DIR cannot be written",
                        e);
            }
        }
    }

    private void closeServer() {
        Stream.of(http, queries, facts, metrics, tracing).forEach(StartedParts::close);
    }
}

package io.firstcome.processor.query;

import static io.firstcome.testkit.fixture.CouponFixture.couponId;
import static io.firstcome.testkit.fixture.CouponFixture.issue;
import static io.firstcome.testkit.fixture.CouponFixture.requestId;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.errors.TaskCorruptedException;
import org.apache.kafka.streams.processor.StateRestoreListener;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.state.HostInfo;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.firstcome.contract.CouponCommand;
import io.firstcome.contract.CouponCommand.DefineCoupon;
import io.firstcome.contract.CouponDefinition;
import io.firstcome.contract.CouponOutcome;
import io.firstcome.contract.id.CouponId;
import io.firstcome.contract.topic.Topics;
import io.firstcome.embedded.EmbeddedKafka;
import io.firstcome.kit.health.Health;
import io.firstcome.kit.metrics.Metrics;
import io.firstcome.kit.server.HttpServer;
import io.firstcome.kit.server.HttpServerSettings;
import io.firstcome.kit.settings.KafkaSettings;
import io.firstcome.kit.topics.TopicProvisioner;
import io.firstcome.processor.ProcessorSettings;
import io.firstcome.processor.StreamsProperties;
import io.firstcome.processor.topology.CouponTopology;

/**
 * Kafka Streams revives a task whose transaction was lost: it wipes the stores and restores them while the stream
 * thread is RUNNING. It lets a query read stores that are open, also before they are complete.
 */
class RevivedTaskTest implements StateRestoreListener, CouponTopology.Observer {

    private static final Duration TIMEOUT = Duration.ofMinutes(1);
    private static final CouponId COUPON = couponId("coffee");

    private final Metrics metrics = new Metrics("test");
    private final CouponQueries queries = new CouponQueries(Peers.of("127.0.0.1"));
    private final CountDownLatch restoring = new CountDownLatch(1);
    private final CountDownLatch restore = new CountDownLatch(1);
    private volatile boolean isLost;
    @TempDir
    private Path folder;
    private EmbeddedKafka kafka;
    private HttpServer server;

    @BeforeEach
    void start() {
        kafka = EmbeddedKafka.start(folder.resolve("kafka"), 0);
        TopicProvisioner.ensure(new KafkaSettings(kafka.bootstrapServers(), 1), Topics.all());
        server = HttpServer.start("127.0.0.1", 0, HttpServerSettings.from(Map.of()), new Health(), metrics,
                queries::register);
    }

    @AfterEach
    void stop() {
        server.close();
        queries.close();
        metrics.close();
        kafka.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"CLASSIC", "STREAMS"})
    void shouldNotAnswerFromAHalfRestoredStore(String protocol) throws Exception {
        var self = new HostInfo("127.0.0.1", 1);
        var served = new ServedTasks(this);
        try (var streams = new KafkaStreams(CouponTopology.build(1, served),
                StreamsProperties.of(settings(protocol), self))) {
            // given
            streams.setGlobalStateRestoreListener(this);
            streams.start();
            queries.open(streams, self, served);
            send(new DefineCoupon(requestId("define"), new CouponDefinition(COUPON, "Coffee", 9, Instant.EPOCH,
                    Instant.parse("2100-01-01T00:00:00Z"))), issue("r1", "alice", COUPON));
            await().atMost(TIMEOUT).until(this::statusOfAlice, status -> status == 200);
            awaitCommitted(2);

            // when
            send(issue("r2", "trouble", COUPON));
            assertThat(restoring.await(TIMEOUT.toSeconds(), TimeUnit.SECONDS)).isTrue();

            // then
            try {
                await().during(Duration.ofSeconds(2)).atMost(TIMEOUT).failFast("an answer from an incomplete store",
                        () -> statusOfAlice() != 503).until(() -> true);
            } finally {
                restore.countDown();
            }
            await().atMost(TIMEOUT).until(this::statusOfAlice, status -> status == 200);
        }
    }

    /**
     * Kafka Streams 4.3 commits an open transaction before it revives a task: a real loss breaks the transaction, but
     * the one of this test does not. So the transaction that it would commit in part is the one of the last claim.
     */
    private void awaitCommitted(long commands) {
        try (var admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            await().atMost(TIMEOUT).until(() -> {
                var offsets = admin.listConsumerGroupOffsets("firstcome-authority").partitionsToOffsetAndMetadata();
                var committed = offsets.get().get(new TopicPartition(Topics.COMMANDS.name(), 0));
                return committed != null && committed.offset() == commands;
            });
        }
    }

    /** Makes Kafka Streams revive the task, as it does after an aborted transaction. */
    @Override
    public void decided(CouponOutcome outcome, long appendTime) {
        if (outcome.requestId().equals(requestId("r2")) && !isLost) {
            isLost = true;
            throw new TaskCorruptedException(Set.of(new TaskId(0, 0)));
        }
    }

    @Override
    public void onRestoreStart(TopicPartition partition, String store, long start, long end) {
        if (isLost) {
            restoring.countDown();
            try {
                assertThat(restore.await(TIMEOUT.toSeconds(), TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public void onBatchRestored(TopicPartition partition, String store, long batchEnd, long records) {
        // The beginning is what the test delays.
    }

    @Override
    public void onRestoreEnd(TopicPartition partition, String store, long total) {
        // The beginning is what the test delays.
    }

    private int statusOfAlice() throws IOException, InterruptedException {
        URI issue = URI.create(server.url() + "/v1/coupons/" + COUPON + "/issues/alice");
        try (var http = HttpClient.newHttpClient()) {
            return http.send(HttpRequest.newBuilder(issue).build(), HttpResponse.BodyHandlers.ofString()).statusCode();
        }
    }

    private void send(CouponCommand... commands) {
        try (var producer = new KafkaProducer<>(Map.<String, Object>of("bootstrap.servers", kafka.bootstrapServers()),
                new ByteArraySerializer(), new ByteArraySerializer())) {
            Stream.of(commands).forEach(command -> producer.send(Topics.COMMANDS.record(command)));
        }
    }

    private ProcessorSettings settings(String protocol) {
        return ProcessorSettings.from(Map.of("FIRSTCOME_KAFKA_BOOTSTRAP_SERVERS", kafka.bootstrapServers(),
                "FIRSTCOME_PARTITIONS", "1", "FIRSTCOME_REPLICAS", "1", "FIRSTCOME_STATE_DIR",
                folder.resolve("state").toString(), "FIRSTCOME_GROUP_PROTOCOL", protocol));
    }
}

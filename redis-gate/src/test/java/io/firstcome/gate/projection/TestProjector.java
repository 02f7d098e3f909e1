package io.firstcome.gate.projection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.firstcome.contract.CouponOutcome.CouponIssued;
import io.firstcome.contract.CouponState;
import io.firstcome.contract.id.RequestId;
import io.firstcome.contract.id.UserId;
import io.firstcome.contract.topic.TopicSpec;
import io.firstcome.contract.topic.Topics;
import io.firstcome.gate.GateSettings;
import io.firstcome.gate.admission.AdmissionOutcome;
import io.firstcome.gate.admission.AdmissionRequest;
import io.firstcome.gate.admission.RedisAdmissionGate;
import io.firstcome.gate.redis.GateKeys;
import io.firstcome.gate.redis.RedisSettings;
import io.firstcome.kit.kafka.KafkaClients;
import io.firstcome.kit.metrics.MeterSpec;
import io.firstcome.kit.metrics.Meters;
import io.firstcome.testing.Campaign;
import io.firstcome.testing.KafkaServer;
import io.firstcome.testing.LogWriter;
import io.firstcome.testing.RedisServer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import redis.clients.jedis.UnifiedJedis;

/** A projector on the module's Kafka and a test's Redis. The test fills the authority and the coupon directory. */
final class TestProjector implements AutoCloseable {

    static final int PAGE_SIZE = 3;

    private final FakeAuthority authority;
    private final KnownCoupons directory;
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final Map<String, String> redis;
    private final UnifiedJedis client;
    private final GateSettings settings;
    private final RedisSettings redisSettings;
    private final KafkaClients clients;
    private final LogIdentity logIdentity;
    private final LogWriter log = new LogWriter();
    private final GateProjector projector;

    /** Returns when the projector has a position for every partition, so that it reads all outcomes written later. */
    static TestProjector start(RedisServer redis, Map<String, String> overrides) {
        var started = new TestProjector(environment(redis, overrides), new FakeAuthority(PAGE_SIZE),
                new KnownCoupons());
        started.awaitPositions();
        return started;
    }

    /** Returns when the projector has a position for every partition in a Redis of several servers. */
    static TestProjector start(Map<String, String> environment) {
        var started = new TestProjector(environment, new FakeAuthority(PAGE_SIZE), new KnownCoupons());
        started.awaitPositions();
        return started;
    }

    private static Map<String, String> environment(RedisServer redis, Map<String, String> overrides) {
        Map<String, String> environment = new HashMap<>(redis.environment());
        environment.putAll(overrides);
        return environment;
    }

    /** Returns at once; the consumer group may not have accepted the projector yet. */
    static TestProjector startWithoutAwaitingPositions(RedisServer redis) {
        return new TestProjector(redis.environment(), new FakeAuthority(PAGE_SIZE), new KnownCoupons());
    }

    private TestProjector(Map<String, String> redis, FakeAuthority authority, KnownCoupons directory) {
        this.redis = redis;
        this.authority = authority;
        this.directory = directory;
        Map<String, String> environment = new HashMap<>(Map.of("FIRSTCOME_GATE_COLD_FILL_AFTER_MS", "500"));
        environment.putAll(redis);
        settings = GateSettings.from(environment);
        redisSettings = RedisSettings.from(environment);
        client = redisSettings.with(1, Duration.ofSeconds(30)).client();
        clients = new KafkaClients(KafkaServer.kafkaSettings(), "ingress", "test-" + System.nanoTime(), meters);
        logIdentity = new LogIdentity(clients.topicIds(Topics.all().stream().map(TopicSpec::name).toList()));
        projector = new GateProjector(clients, redisSettings, settings, logIdentity,
                new OpenCoupons(directory, settings, InstantSource.system(), settings::skew), authority, meters);
    }

    /** Starts another projector of the same group, with the same authority and directory. */
    TestProjector startAnother() {
        return new TestProjector(redis, authority, directory);
    }

    FakeAuthority authority() {
        return authority;
    }

    GateProjector projector() {
        return projector;
    }

    LogIdentity logIdentity() {
        return logIdentity;
    }

    /** Writes records beyond those of {@link #define} and {@link #issue}. */
    LogWriter log() {
        return log;
    }

    /** Adds states to the coupon directory without writing them to the log. */
    TestProjector know(CouponState... states) {
        List.of(states).forEach(directory::put);
        return this;
    }

    /** Removes the coupons of earlier tests from the coupon directory. */
    void forgetCoupons() {
        directory.clear();
    }

    /** Writes a state to the log and to the coupon directory. */
    TestProjector define(CouponState state) {
        log.write(state);
        return know(state);
    }

    /** Commits issues to the users {@code u<from>} to {@code u<to>}, whose sequences are the same numbers. */
    TestProjector issue(Campaign campaign, int from, int to) {
        CouponIssued[] issued = IntStream.rangeClosed(from, to)
                .mapToObj(i -> campaign.issued("r" + i, "u" + i, i)).toArray(CouponIssued[]::new);
        for (CouponIssued each : issued) {
            authority.issue(campaign.couponId(), each.userId().value(), each.sequence(), each.requestId().value());
        }
        log.write(issued);
        return know(directory.find(campaign.couponId()).orElseThrow().withIssued(to));
    }

    /** Writes an outcome and a state to every partition, and returns their new coupons. */
    List<Campaign> markEveryPartition() {
        List<Campaign> marks = IntStream.range(0, KafkaServer.PARTITIONS).mapToObj(this::newCampaignOn).toList();
        marks.forEach(mark -> log.write(mark.issued("r1", "u1", 1)).write(mark.state(1, 1, 1)));
        return marks;
    }

    private Campaign newCampaignOn(int partition) {
        return Stream.generate(Campaign::openForLong).filter(it -> clients.partitionOf(it.couponId()) == partition)
                .findFirst().orElseThrow();
    }

    /** Returns when Redis has a position for every partition of both topics. */
    void awaitPositions() {
        await().ignoreExceptions()
                .until(() -> client.hlen(GateWriter.OFFSETS) == 2 * KafkaServer.PARTITIONS);
    }

    /** Returns when the gate has all holders and facts of the coupon, so that it can answer every claim. */
    void awaitWarm(Campaign campaign, int holders) {
        await().ignoreExceptions().untilAsserted(() -> {
            assertThat(holders(campaign)).isEqualTo(expected(holders));
            assertThat(facts(campaign)).containsEntry("issued", String.valueOf(holders)).containsKey("version")
                    .containsEntry("log", logIdentity.id());
        });
    }

    private static Map<String, String> expected(int holders) {
        Map<String, String> expected = new TreeMap<>();
        IntStream.rangeClosed(1, holders).forEach(i -> expected.put("u" + i, i + ":1767225600000:r" + i));
        return expected;
    }

    Map<String, String> holders(Campaign campaign) {
        return new TreeMap<>(client.hgetAll(key(campaign, 1)));
    }

    Map<String, String> facts(Campaign campaign) {
        return client.hgetAll(key(campaign, 0));
    }

    private static String key(Campaign campaign, int index) {
        return GateKeys.of(campaign.couponId()).get(index);
    }

    /** Sends one claim to a new gate, with the newest committed state as the state that the caller knows. */
    AdmissionOutcome claim(Campaign campaign, String user) {
        try (var gate = gate(redisSettings.with(1, Duration.ofSeconds(30)))) {
            return claim(gate, campaign, user);
        }
    }

    /** Sends one claim to a gate, with the newest committed state as the state that the caller knows. */
    AdmissionOutcome claim(RedisAdmissionGate gate, Campaign campaign, String user) {
        var request = new AdmissionRequest(directory.find(campaign.couponId()).orElseThrow(), new UserId(user),
                new RequestId("claim-" + System.nanoTime()));
        return gate.admit(request).toCompletableFuture().join();
    }

    /** A gate with the connections and the timeout of an ingress, for many claims. */
    RedisAdmissionGate gate() {
        return gate(redisSettings);
    }

    private RedisAdmissionGate gate(RedisSettings to) {
        return new RedisAdmissionGate(to, settings, logIdentity.id(), InstantSource.system(),
                new SimpleMeterRegistry());
    }

    boolean hasConsumedRecords() {
        return meters.find("kafka.consumer.fetch.manager.records.consumed.total").functionCounters().stream()
                .anyMatch(it -> it.count() > 0);
    }

    double failures() {
        return sum(Meters.LOOP_FAILURES.name());
    }

    double count(MeterSpec meter) {
        return sum(meter.name());
    }

    private double sum(String meter) {
        return meters.find(meter).meters().stream().mapToDouble(it -> it.measure().iterator().next().getValue()).sum();
    }

    @Override
    public void close() {
        projector.close();
        log.close();
        clients.close();
        client.close();
    }
}

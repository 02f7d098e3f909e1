package io.firstcome.processor;

import static io.firstcome.testkit.fixture.CouponFixture.couponId;
import static io.firstcome.testkit.fixture.CouponFixture.issue;
import static io.firstcome.testkit.fixture.CouponFixture.requestId;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.firstcome.contract.CouponCommand;
import io.firstcome.contract.CouponCommand.DefineCoupon;
import io.firstcome.contract.CouponDefinition;
import io.firstcome.contract.CouponOutcome;
import io.firstcome.contract.CouponOutcome.CouponIssued;
import io.firstcome.contract.CouponOutcome.IssueRejected;
import io.firstcome.contract.CouponState;
import io.firstcome.contract.CouponStatus;
import io.firstcome.contract.RejectionReason;
import io.firstcome.contract.id.CouponId;
import io.firstcome.contract.topic.Topic;
import io.firstcome.contract.topic.Topics;
import io.firstcome.embedded.EmbeddedKafka;
import io.firstcome.kit.settings.KafkaSettings;
import io.firstcome.kit.topics.TopicProvisioner;
import io.firstcome.processor.continuity.AcceptedLoss;
import io.firstcome.processor.continuity.KafkaFacts;
import io.firstcome.testkit.log.LoggedOutcome;
import io.firstcome.testkit.log.LogReader;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

/** What operators can lose between two starts of the authority. It never issues more than the stock. */
class LostStateTest {

    private static final Duration TIMEOUT = Duration.ofMinutes(1);
    private static final CouponId COUPON = couponId("coffee");
    private static final int STOCK = 3;
    private static final TopicPartition COMMANDS = new TopicPartition(Topics.COMMANDS.name(), 0);

    @TempDir
    private static Path folder;
    private static EmbeddedKafka kafka;
    private static Admin admin;
    private static KafkaProducer<byte[], byte[]> producer;
    private static int groups;
    private static int stateDirs;

    /** A group that refuses to run does not leave at once, so each test has its own. */
    private final String group = "authority-" + ++groups;
    private final Map<String, String> environment = new HashMap<>();

    @BeforeAll
    static void startKafka() {
        kafka = EmbeddedKafka.start(folder.resolve("kafka"), 0);
        Map<String, Object> settings = Map.of("bootstrap.servers", kafka.bootstrapServers());
        admin = Admin.create(settings);
        producer = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    }

    @AfterAll
    static void stopKafka() {
        producer.close();
        admin.close();
        kafka.close();
    }

    /** All coupons are issued: the holders are u1, u2 and u3. */
    @BeforeEach
    void sellOut() {
        TopicProvisioner.ensure(new KafkaSettings(kafka.bootstrapServers(), 1), Topics.all());
        environment.putAll(Map.of("FIRSTCOME_KAFKA_BOOTSTRAP_SERVERS", kafka.bootstrapServers(),
                "FIRSTCOME_PARTITIONS", "1", "FIRSTCOME_PROCESSOR_PORT", "0", "FIRSTCOME_SESSION_TIMEOUT_MS", "6000",
                "FIRSTCOME_APPLICATION_ID", group, "FIRSTCOME_STATE_DIR", stateDir(), "FIRSTCOME_REPLICAS", "1"));
        send(new DefineCoupon(requestId("define"), definition(COUPON)), issue("r1", "u1", COUPON),
                issue("r2", "u2", COUPON), issue("r3", "u3", COUPON));
        try (var _ = start()) {
            awaitOutcomes(4);
        }
    }

    @AfterEach
    void deleteTopics() throws Exception {
        admin.deleteTopics(admin.listTopics().names().get()).all().get();
        await().until(() -> admin.listTopics().names().get().isEmpty());
    }

    @Test
    void shouldRefuseUnderAnotherApplicationId() {
        // given
        deleteCommandsBefore(4);
        environment.putAll(Map.of("FIRSTCOME_APPLICATION_ID", group + "-renamed", "FIRSTCOME_STATE_DIR", stateDir()));

        // when
        String refusal = refusal();

        // then
        assertThat(refusal).contains("offset 0 to 3 were deleted", "FIRSTCOME_ACCEPT_LOST_COMMANDS_OF");
    }

    @Test
    void shouldRefuseWithEmptyStores() throws Exception {
        // given
        admin.deleteTopics(changelogs()).all().get();
        environment.put("FIRSTCOME_STATE_DIR", stateDir());

        // when
        String refusal = refusal();

        // then
        assertThat(refusal).contains("coffee at version 1 with 3 issues, the stores have nothing of it",
                "FIRSTCOME_ACCEPT_LOST_COUPONS=coffee");
    }

    @Test
    void shouldRefuseWithoutHolders() throws Exception {
        // given
        admin.deleteTopics(Set.of(group + "-issued-users-changelog")).all().get();
        environment.put("FIRSTCOME_STATE_DIR", stateDir());

        // when
        String refusal = refusal();

        // then
        assertThat(refusal).contains("none of its holders");
    }

    /** With the sequences at 1 again, the stock would be issued beside the holders. */
    @Test
    void shouldRefuseWithoutCounts() throws Exception {
        // given
        admin.deleteTopics(Set.of(group + "-issued-counts-changelog")).all().get();
        environment.put("FIRSTCOME_STATE_DIR", stateDir());

        // when
        String refusal = refusal();

        // then
        assertThat(refusal).contains("coffee at version 1 with 3 issues, the stores have nothing of it",
                "FIRSTCOME_ACCEPT_LOST_COUPONS=coffee");
    }

    @Test
    void shouldRefuseWithoutDefinitions() throws Exception {
        // given
        admin.deleteTopics(Set.of(group + "-coupons-changelog")).all().get();
        environment.put("FIRSTCOME_STATE_DIR", stateDir());

        // when
        String refusal = refusal();

        // then
        assertThat(refusal).contains("coffee at version 1 with 3 issues, the stores have nothing of it",
                "FIRSTCOME_ACCEPT_LOST_COUPONS=coffee");
    }

    /** Kafka Streams takes stores that are ahead of an empty changelog for complete, until they are restored once. */
    @Test
    void shouldNotOversellWhenChangelogsAreLostAndStoresAreKept() throws Exception {
        // given
        admin.deleteTopics(changelogs()).all().get();

        // when
        try (var _ = start()) {
            send(new DefineCoupon(requestId("again"), definition(COUPON)), issue("r4", "u4", COUPON));
            awaitDecided("r4");
        }

        // then
        assertThat(outcomes()).filteredOn(CouponIssued.class::isInstance).hasSize(STOCK);

        // when
        environment.put("FIRSTCOME_STATE_DIR", stateDir());

        // then
        assertThat(refusal()).contains("FIRSTCOME_ACCEPT_LOST_COUPONS=coffee");
    }

    @Test
    void shouldRefuseWithoutOneOfTheHolders() throws Exception {
        // given
        producer.send(new ProducerRecord<>(group + "-issued-users-changelog", 0, "coffee/u2".getBytes(UTF_8), null))
                .get();
        environment.put("FIRSTCOME_STATE_DIR", stateDir());

        // when
        String refusal = refusal();

        // then
        assertThat(refusal).contains("coupon coffee counts 3 issues, 0 of them revoked, and the stores have 2 issues",
                "FIRSTCOME_ACCEPT_LOST_COUPONS=coffee");
    }

    @Test
    void shouldKeepTheCountOfAnAcceptedLoss() throws Exception {
        // given: the last count that was published is too low, as in the last 100 ms of a sale
        producer.send(Topics.STATES.record(new CouponState(definition(COUPON), CouponStatus.ACTIVE, 1, 1)));
        producer.flush();
        admin.deleteTopics(changelogs()).all().get();
        String topicId = admin.describeTopics(List.of(COMMANDS.topic())).allTopicNames().get().get(COMMANDS.topic())
                .topicId().toString();
        environment.putAll(Map.of("FIRSTCOME_STATE_DIR", stateDir(), "FIRSTCOME_ACCEPT_LOST_COUPONS", "coffee",
                "FIRSTCOME_ACCEPT_LOST_COMMANDS_OF", topicId));

        // when
        try (var _ = start()) {
            await().atMost(TIMEOUT).until(() -> publishedIssues() == STOCK);
        }

        // then: both acceptances were stored without a command
        environment.keySet().removeAll(Set.of("FIRSTCOME_ACCEPT_LOST_COUPONS", "FIRSTCOME_ACCEPT_LOST_COMMANDS_OF"));
        try (var _ = start()) {
            send(new DefineCoupon(requestId("again"), definition(COUPON)), issue("r4", "u4", COUPON));
            awaitDecided("r4");
        }
        assertThat(outcomes()).filteredOn(CouponIssued.class::isInstance).hasSize(STOCK);
        assertThat(outcomes().getLast()).isInstanceOfSatisfying(IssueRejected.class,
                rejected -> assertThat(rejected.reason()).isEqualTo(RejectionReason.SOLD_OUT));
    }

    @Test
    void shouldNotDecideAgainAfterLostOffsets() throws Exception {
        // given
        admin.deleteConsumerGroups(List.of(group)).all().get();

        // when
        try (var _ = start()) {
            send(issue("r4", "u4", COUPON));
            awaitDecided("r4");
        }

        // then
        assertThat(outcomes()).hasSize(5);
    }

    @Test
    void shouldRefuseToSkipCommands() throws Exception {
        // given
        send(issue("r4", "u4", COUPON), issue("r5", "u5", COUPON));
        long end = admin.listOffsets(Map.of(COMMANDS, OffsetSpec.latest())).all().get().values().stream()
                .mapToLong(ListOffsetsResultInfo::offset).findFirst().orElseThrow();
        admin.alterConsumerGroupOffsets(group, Map.of(COMMANDS, new OffsetAndMetadata(end))).all().get();

        // when
        String refusal = refusal();

        // then
        assertThat(refusal).contains("the group's offset is 6", "do not have the decision on the command at offset 4");
    }

    @Test
    void shouldRefuseWhenCommandsExpiredUndecided() {
        // given
        send(issue("r4", "u4", COUPON), issue("r5", "u5", COUPON));
        try (var facts = new KafkaFacts(new KafkaSettings(kafka.bootstrapServers(), 1), group, AcceptedLoss.NONE,
                new SimpleMeterRegistry())) {
            assertThat(facts.undecided()).isEqualTo(2);
            assertThat(facts.undecidedWithin(TIMEOUT)).hasValue(2);
            assertThat(facts.undecidedWithin(Duration.ZERO)).as("no answer in time").isEmpty();
        }
        // A group that has committed nothing has decided nothing.
        try (var facts = new KafkaFacts(new KafkaSettings(kafka.bootstrapServers(), 1), group + "-other",
                AcceptedLoss.NONE, new SimpleMeterRegistry())) {
            assertThat(facts.undecidedWithin(TIMEOUT)).hasValue(6);
        }
        deleteCommandsBefore(5);

        // when
        String refusal = refusal();

        // then
        assertThat(refusal).contains("the commands from offset 4 to 4 were deleted before they were decided");
    }

    @Test
    void shouldRefuseARecreatedTopic() throws Exception {
        // given
        admin.deleteTopics(Set.of(Topics.COMMANDS.name())).all().get();
        await().until(() -> !admin.listTopics().names().get().contains(Topics.COMMANDS.name()));
        TopicProvisioner.ensure(new KafkaSettings(kafka.bootstrapServers(), 1), Topics.all());

        // when
        String refusal = refusal();

        // then
        assertThat(refusal).contains("coupon-commands was deleted and created again");
    }

    /** Definitions expire with the commands; the authority knows the coupon from its stores. */
    @Test
    void shouldContinueAfterDecidedCommandsExpired() {
        // given
        deleteCommandsBefore(4);

        // when
        try (var _ = start()) {
            send(new DefineCoupon(requestId("again"), definition(COUPON)), issue("r4", "u4", COUPON));
            awaitDecided("r4");
        }

        // then
        assertThat(outcomes()).filteredOn(CouponIssued.class::isInstance).hasSize(STOCK);
    }

    /** The leaders of two topics may have clocks that differ by more than an hour. */
    @Test
    void shouldDecideACommandFromAClockThatIsHoursAhead() throws Exception {
        try (var _ = start()) {
            // when
            sendWithTime(Instant.now().plus(Duration.ofHours(3)), issue("r4", "u4", COUPON));

            // then
            awaitDecided("r4");
        }
    }

    /** A command waits for days when no authority runs, and its outcome has its time. */
    @Test
    void shouldDecideAnOldCommandWhereTheClusterRefusesOldTimes() throws Exception {
        var cluster = new ConfigResource(ConfigResource.Type.BROKER, "");
        var limit = new ConfigEntry("log.message.timestamp.before.max.ms",
                String.valueOf(Duration.ofHours(1).toMillis()));
        change(cluster, limit, OpType.SET);
        try (var authority = start()) {
            // when
            sendWithTime(Instant.now().minus(Duration.ofDays(3)), issue("r4", "u4", COUPON));

            // then
            awaitDecided("r4");
            assertThat(authority.health().problemsOfLiveness()).isEmpty();
        } finally {
            change(cluster, limit, OpType.DELETE);
        }
    }

    /** The topic of the commands has the clock of its leader; this one takes the time of the record. */
    private static void sendWithTime(Instant time, CouponCommand command) throws Exception {
        var commands = new ConfigResource(ConfigResource.Type.TOPIC, COMMANDS.topic());
        change(commands, new ConfigEntry("message.timestamp.type", "CreateTime"), OpType.SET);
        change(commands, new ConfigEntry("message.timestamp.before.max.ms", String.valueOf(Long.MAX_VALUE)),
                OpType.SET);
        await().until(() -> admin.describeConfigs(List.of(commands)).all().get().get(commands)
                .get("message.timestamp.type").value().equals("CreateTime"));
        producer.send(new ProducerRecord<>(COMMANDS.topic(), 0, time.toEpochMilli(), Topic.key(COUPON),
                Topics.COMMANDS.encode(command))).get();
    }

    private static void change(ConfigResource resource, ConfigEntry entry, OpType type) throws Exception {
        admin.incrementalAlterConfigs(Map.of(resource, List.of(new AlterConfigOp(entry, type)))).all().get();
    }

    private ProcessorService start() {
        return ProcessorService.start(ProcessorSettings.from(environment));
    }

    /** Starts the authority and returns why it refuses to run. */
    private String refusal() {
        try (var authority = start()) {
            return await().atMost(TIMEOUT).until(() -> authority.health().problemsOfLiveness().toString(),
                    text -> text.contains("refuses to run"));
        }
    }

    private static void send(CouponCommand... commands) {
        Stream.of(commands).forEach(command -> producer.send(Topics.COMMANDS.record(command)));
        producer.flush();
    }

    private static void deleteCommandsBefore(long offset) {
        assertThat(
                admin.deleteRecords(Map.of(COMMANDS, RecordsToDelete.beforeOffset(offset))).all().toCompletionStage())
                .succeedsWithin(TIMEOUT);
    }

    private static List<String> changelogs() throws Exception {
        return admin.listTopics().names().get().stream().filter(name -> name.endsWith("-changelog")).toList();
    }

    private static List<CouponOutcome> outcomes() {
        return new LogReader(kafka.bootstrapServers()).read(TIMEOUT).outcomes().stream().map(LoggedOutcome::outcome)
                .toList();
    }

    private static long publishedIssues() {
        return new LogReader(kafka.bootstrapServers()).read(TIMEOUT).states().orElseThrow().get(COUPON).issued();
    }

    private static void awaitOutcomes(int count) {
        await().atMost(TIMEOUT).until(() -> outcomes().size() >= count);
    }

    private static void awaitDecided(String request) {
        await().atMost(TIMEOUT).until(
                () -> outcomes().stream().anyMatch(outcome -> outcome.requestId().equals(requestId(request))));
    }

    private static String stateDir() {
        return folder.resolve("state-" + ++stateDirs).toString();
    }

    private static CouponDefinition definition(CouponId coupon) {
        return new CouponDefinition(coupon, "Coffee", STOCK, Instant.EPOCH, Instant.parse("2100-01-01T00:00:00Z"));
    }
}

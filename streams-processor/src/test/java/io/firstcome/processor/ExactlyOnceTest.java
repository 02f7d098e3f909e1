package io.firstcome.processor;

import static io.firstcome.testkit.fixture.CouponFixture.couponId;
import static io.firstcome.testkit.fixture.CouponFixture.issue;
import static io.firstcome.testkit.fixture.CouponFixture.requestId;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.firstcome.contract.CouponCommand;
import io.firstcome.contract.CouponCommand.DefineCoupon;
import io.firstcome.contract.CouponDefinition;
import io.firstcome.contract.CouponOutcome.CouponIssued;
import io.firstcome.contract.id.CouponId;
import io.firstcome.contract.topic.Topic;
import io.firstcome.contract.topic.Topics;
import io.firstcome.embedded.EmbeddedKafka;
import io.firstcome.kit.settings.KafkaSettings;
import io.firstcome.kit.topics.TopicProvisioner;
import io.firstcome.testkit.evidence.Evidence;
import io.firstcome.testkit.fixture.UserIds;
import io.firstcome.testkit.guarantee.GuaranteeReport;
import io.firstcome.testkit.guarantee.Guarantees;
import io.firstcome.testkit.log.CouponLog;
import io.firstcome.testkit.log.LogReader;
import io.firstcome.testkit.process.ChildJvm;

/**
 * A real broker, real transactions, and processes that are killed with {@code kill -9} in the middle of a transaction.
 */
class ExactlyOnceTest {

    private static final String APPLICATION_ID = "authority";
    private static final int PARTITIONS = 3;
    private static final int CLAIMS = 8_000;
    private static final int KILLS = 3;
    private static final int BATCH = 40;
    private static final Duration TIMEOUT = Duration.ofMinutes(2);
    private static final List<CouponId> COUPONS = IntStream.range(0, 5).mapToObj(i -> couponId("c" + i)).toList();

    private final long seed = Long.getLong("firstcome.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final Set<CouponIssued> shown = new HashSet<>();

    @TempDir
    private Path folder;
    private EmbeddedKafka kafka;
    private KafkaProducer<byte[], byte[]> producer;

    @BeforeEach
    void startKafka() {
        kafka = EmbeddedKafka.start(folder.resolve("kafka"), 0);
        TopicProvisioner.ensure(new KafkaSettings(kafka.bootstrapServers(), PARTITIONS), Topics.all());
        producer = new KafkaProducer<>(Map.of("bootstrap.servers", kafka.bootstrapServers()),
                new ByteArraySerializer(), new ByteArraySerializer());
    }

    @AfterEach
    void stopKafka() {
        producer.close();
        kafka.close();
    }

    @Test
    void shouldDecideOnceAndRepeatWhatItShowedBeforeKills() throws Exception {
        // given
        List<CouponCommand> commands = commands();
        List<CouponCommand> remaining = new ArrayList<>(commands);
        int uncommitted = 0;

        // when
        append(remaining, BATCH);
        append(List.of(new ProducerRecord<>(Topics.COMMANDS.name(), Topic.key(COUPONS.getFirst()), largestValue())));
        for (int kill = 1; kill <= KILLS; kill++) {
            killWhileIssuing(folder.resolve("victim-" + kill + ".log"), remaining);
            Set<CouponIssued> committed = issues(log());
            uncommitted += (int) shown.stream().filter(holder -> !committed.contains(holder)).count();
            append(remaining, 10 * BATCH);
            assertThat(folder.resolve("victim-" + kill + ".log")).content()
                    .as("stores that were not closed are deleted before Kafka Streams opens them")
                    .doesNotContain("TaskCorruptedException");
        }
        append(remaining, remaining.size());
        int decidedByVictims = log().outcomes().size();
        try (var _ = ProcessorService.start(settings())) {
            await().atMost(TIMEOUT).until(() -> log().outcomes().size() > decidedByVictims);
        }
        CouponLog log;
        Set<CouponIssued> holders = new HashSet<>();
        try (var last = ProcessorService.start(settings())) {
            log = new LogReader(kafka.bootstrapServers()).readSettled(TIMEOUT);
            var client = new QueryClient(last.url());
            COUPONS.forEach(coupon -> holders.addAll(client.holders(coupon, 1_000)));
        }

        // then
        GuaranteeReport report = Guarantees.check(Evidence.of(log));
        assertThat(log.commands()).describedAs("with the invalid record").hasSize(commands.size() + 1);
        assertThat(log.outcomes()).describedAs("seed %d", seed).hasSameSizeAs(commands);
        assertThat(report.holds()).describedAs("seed %d%n%s", seed, report.details()).isTrue();
        assertThat(uncommitted).describedAs("holders shown before their commit, seed %d", seed).isPositive();
        assertThat(issues(log)).describedAs("seed %d", seed).containsAll(shown).isEqualTo(holders);
    }

    /** Half of the coupons sell out; every fourth claim is one sent before, every third from a user seen before. */
    private List<CouponCommand> commands() {
        List<CouponCommand> commands = new ArrayList<>();
        for (CouponId coupon : COUPONS) {
            commands.add(new DefineCoupon(requestId("define-" + coupon), new CouponDefinition(coupon, "Coffee",
                    commands.size() % 2 == 0 ? 500 : 1_000_000, Instant.EPOCH, Instant.parse("2100-01-01T00:00:00Z"))));
        }
        while (commands.size() < CLAIMS) {
            commands.add(random.nextInt(4) == 0
                    ? commands.get(random.nextInt(commands.size()))
                    : issue("r" + commands.size(), UserIds.of(random.nextInt(CLAIMS)).value(),
                            COUPONS.get(random.nextInt(COUPONS.size()))));
        }
        return commands;
    }

    /**
     * Runs an authority in a process of its own, appends claims and reads holders until some hundred new ones were
     * shown, and kills the process. A commit takes place once a second, so the holders read last are usually not
     * committed.
     */
    private void killWhileIssuing(Path output, List<CouponCommand> remaining) throws Exception {
        try (var victim = ChildJvm.start(ProcessorMain.class, victimEnvironment(), output)) {
            var client = new QueryClient(await().atMost(TIMEOUT).until(() -> url(output), url -> !url.isEmpty()));
            await().atMost(TIMEOUT).until(() -> knowsAllCoupons(client));
            int wanted = shown.size() + 200 + random.nextInt(400);
            while (shown.size() < wanted) {
                append(remaining, BATCH);
                showMore(client);
            }
            victim.kill();
        }
        removeKilledMember();
    }

    /** Returns once a holder is new: a slow authority would else leave no commands for the next victims. */
    private void showMore(QueryClient client) {
        await().pollInSameThread().atMost(TIMEOUT).until(() -> shown.addAll(client
                .holders(COUPONS.get(random.nextInt(COUPONS.size())), 1 + random.nextInt(1_000))));
    }

    private static boolean knowsAllCoupons(QueryClient client) throws IOException, InterruptedException {
        for (CouponId coupon : COUPONS) {
            if (client.get("/v1/coupons/" + coupon + "/stock").statusCode() != 200) {
                return false;
            }
        }
        return true;
    }

    /** Otherwise the next instance would wait for the session timeout of the killed one. */
    private void removeKilledMember() throws Exception {
        try (var admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            var allMembers = new RemoveMembersFromConsumerGroupOptions();
            admin.removeMembersFromConsumerGroup(APPLICATION_ID, allMembers).all().get();
        }
    }

    private static String url(Path output) throws IOException {
        String ready = "streams-processor ready: ";
        return Files.readAllLines(output).stream().filter(line -> line.startsWith(ready)).findFirst()
                .map(line -> line.substring(ready.length())).orElse("");
    }

    private void append(List<CouponCommand> remaining, int count) {
        assertThat(remaining).describedAs("commands left, seed %d", seed).hasSizeGreaterThanOrEqualTo(count);
        List<CouponCommand> next = remaining.subList(0, count);
        append(next.stream().map(Topics.COMMANDS::record).toList());
        next.clear();
    }

    private void append(List<ProducerRecord<byte[], byte[]>> records) {
        var acknowledged = records.stream().map(producer::send).toList();
        producer.flush();
        assertThat(acknowledged).allSatisfy(record -> assertThat(record).succeedsWithin(TIMEOUT));
    }

    /**
     * The largest invalid value that the broker accepts. As a dead letter with headers the record would be too large.
     */
    private static byte[] largestValue() {
        return new byte[1_048_000];
    }

    private static Set<CouponIssued> issues(CouponLog log) {
        return log.decisions().stream().filter(CouponIssued.class::isInstance).map(CouponIssued.class::cast)
                .collect(toSet());
    }

    private ProcessorSettings settings() {
        return ProcessorSettings.from(environment());
    }

    private Map<String, String> environment() {
        return Map.of("FIRSTCOME_KAFKA_BOOTSTRAP_SERVERS", kafka.bootstrapServers(),
                "FIRSTCOME_PARTITIONS", "" + PARTITIONS, "FIRSTCOME_REPLICAS", "1",
                "FIRSTCOME_APPLICATION_ID", APPLICATION_ID,
                "FIRSTCOME_PROCESSOR_PORT", "0", "FIRSTCOME_STATE_DIR", folder.resolve("state").toString());
    }

    private Map<String, String> victimEnvironment() {
        Map<String, String> environment = new HashMap<>(environment());
        environment.put("FIRSTCOME_COMMIT_INTERVAL_MS", "1000");
        // The process lives for seconds, so it should start fast.
        environment.put("JAVA_TOOL_OPTIONS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC");
        return environment;
    }

    private CouponLog log() {
        return new LogReader(kafka.bootstrapServers()).read(TIMEOUT);
    }
}

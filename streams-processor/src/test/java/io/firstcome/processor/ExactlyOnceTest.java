package io.firstcome.processor;

import static io.firstcome.testkit.fixture.CouponFixture.couponId;
import static io.firstcome.testkit.fixture.CouponFixture.issue;
import static io.firstcome.testkit.fixture.CouponFixture.requestId;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.firstcome.contract.CouponCommand;
import io.firstcome.contract.CouponCommand.DefineCoupon;
import io.firstcome.contract.CouponDefinition;
import io.firstcome.contract.Topic;
import io.firstcome.contract.Topics;
import io.firstcome.embedded.EmbeddedKafka;
import io.firstcome.kit.settings.KafkaSettings;
import io.firstcome.kit.topics.TopicProvisioner;
import io.firstcome.testkit.evidence.CouponLog;
import io.firstcome.testkit.evidence.Evidence;
import io.firstcome.testkit.evidence.LogReader;
import io.firstcome.testkit.guarantee.GuaranteeReport;
import io.firstcome.testkit.guarantee.Guarantees;
import io.firstcome.testkit.process.ChildJvm;

/** A real broker, real transactions, and a process that is really killed. */
class ExactlyOnceTest {

    private static final int PARTITIONS = 3;
    private static final int COUPONS = 5;
    private static final int CLAIMS = 8_000;
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir
    private Path folder;
    private EmbeddedKafka kafka;
    private final AtomicInteger appended = new AtomicInteger();

    @BeforeEach
    void startKafka() {
        kafka = EmbeddedKafka.start(folder.resolve("kafka"), 0);
        TopicProvisioner.ensure(new KafkaSettings(kafka.bootstrapServers(), PARTITIONS), Topics.all());
    }

    @AfterEach
    void stopKafka() {
        kafka.close();
    }

    @Test
    void shouldLoseAndDoubleNothingWhenKilledClosedAndStartedAgain() throws Exception {
        // given
        long seed = Long.getLong("firstcome.seed", System.nanoTime());
        List<CouponCommand> commands = commands(new Random(seed));
        int half = commands.size() / 2;

        // when
        CompletableFuture<Void> appending;
        try (var victim = ChildJvm.start(ProcessorMain.class, environment(), folder.resolve("victim.log"))) {
            append(commands.subList(0, half));
            patiently().until(() -> decided() > half / 20);
            appendGarbage();
            appending = CompletableFuture.runAsync(() -> appendLittleByLittle(commands.subList(half, commands.size())));
            await().until(() -> appended.get() > half + 500);
            victim.kill();
        }
        int decidedByVictim = decided();
        assertThat(decidedByVictim).describedAs("decided by the victim, killed at work").isLessThan(commands.size());
        appending.join();
        try (var _ = ProcessorService.start(ProcessorSettings.from(environment()))) {
            patiently().until(() -> decided() > decidedByVictim);
        }
        CouponLog log;
        try (var _ = ProcessorService.start(ProcessorSettings.from(environment()))) {
            log = new LogReader(kafka.bootstrapServers()).readSettled(PATIENCE);
        }

        // then
        GuaranteeReport report = Guarantees.check(Evidence.of(log));
        assertThat(log.commands()).describedAs("with the garbage").hasSize(commands.size() + 1);
        assertThat(log.outcomes()).describedAs("seed %d", seed).hasSameSizeAs(commands);
        assertThat(report.holds()).describedAs("seed %d%n%s", seed, report.details()).isTrue();
    }

    /** Half of the coupons sell out; every fourth claim is one sent before, every third from a user seen before. */
    private static List<CouponCommand> commands(Random random) {
        List<CouponCommand> commands = new ArrayList<>();
        for (int i = 0; i < COUPONS; i++) {
            commands.add(new DefineCoupon(requestId("a" + i), new CouponDefinition(couponId("c" + i), "Coffee",
                    i % 2 == 0 ? 500 : 1_000_000, Instant.EPOCH, Instant.parse("2100-01-01T00:00:00Z"))));
        }
        while (commands.size() < CLAIMS) {
            commands.add(random.nextInt(4) == 0
                    ? commands.get(random.nextInt(commands.size()))
                    : issue("r" + commands.size(), "u" + random.nextInt(CLAIMS),
                            couponId("c" + random.nextInt(COUPONS))));
        }
        return commands;
    }

    /** Takes seconds, so that whoever is killed meanwhile has not decided everything. */
    private void appendLittleByLittle(List<CouponCommand> commands) {
        for (int from = 0; from < commands.size(); from += 25) {
            append(commands.subList(from, Math.min(commands.size(), from + 25)));
        }
    }

    private void append(List<CouponCommand> commands) {
        write(commands.stream().map(Topics.COMMANDS::record).toList());
        appended.addAndGet(commands.size());
    }

    /** As large as a broker takes: its dead letter, with the headers, would be larger than that. */
    private void appendGarbage() {
        write(List.of(
                new ProducerRecord<>(Topics.COMMANDS.name(), Topic.key(couponId("c0")), new byte[1_048_000])));
    }

    private void write(List<ProducerRecord<byte[], byte[]>> records) {
        Map<String, Object> settings = Map.of("bootstrap.servers", kafka.bootstrapServers());
        try (var producer = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            var acknowledged = records.stream().map(producer::send).toList();
            producer.flush();
            assertThat(acknowledged).allSatisfy(record -> assertThat(record).succeedsWithin(PATIENCE));
        }
    }

    private Map<String, String> environment() {
        return Map.of("FIRSTCOME_KAFKA_BOOTSTRAP_SERVERS", kafka.bootstrapServers(), "FIRSTCOME_PARTITIONS",
                "" + PARTITIONS,
                "FIRSTCOME_PROCESSOR_PORT", "0", "FIRSTCOME_STATE_DIR", folder.resolve("state").toString(),
                "FIRSTCOME_SESSION_TIMEOUT_MS", "6000");
    }

    /** Each look reads the whole log. */
    private static ConditionFactory patiently() {
        return await().atMost(PATIENCE).pollInterval(Duration.ofMillis(500));
    }

    private int decided() {
        return log().outcomes().size();
    }

    private CouponLog log() {
        return new LogReader(kafka.bootstrapServers()).read(PATIENCE);
    }
}

package io.firstcome.ingress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.Map;
import java.util.stream.Stream;

import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import io.firstcome.contract.CouponCommand.ResumeCoupon;
import io.firstcome.contract.id.CouponId;
import io.firstcome.contract.id.RequestId;
import io.firstcome.contract.topic.Topic;
import io.firstcome.contract.topic.Topics;
import io.firstcome.embedded.EmbeddedKafka;
import io.firstcome.ingress.testing.IngressExtension;
import io.firstcome.ingress.testing.Reply;
import io.firstcome.ingress.testing.TestIngress;
import io.firstcome.kit.settings.KafkaSettings;
import io.firstcome.kit.topics.TopicProvisioner;
import io.firstcome.testing.Campaign;
import io.firstcome.testing.KafkaServer;
import io.firstcome.testing.RedisServer;
import io.firstcome.testing.ScriptedAuthority;

/** An ingress does not read all claims of the log at its start, and the authority may not have decided those before. */
class UndecidedBeforeStartTest {

    @RegisterExtension
    static final IngressExtension INGRESSES = IngressExtension.shared();

    private final Campaign campaign = Campaign.openForLong();
    private final String coupon = campaign.id();
    private final String accepted = "/v1/coupons/" + coupon + "/requests/k1";
    private final String neverSent = "/v1/coupons/" + coupon + "/requests/k2";
    private EmbeddedKafka kafka;
    private KafkaSettings settings;
    private ScriptedAuthority authority;

    @BeforeEach
    void start() {
        kafka = EmbeddedKafka.start(KafkaServer.directory("undecided"), 0);
        settings = new KafkaSettings(kafka.bootstrapServers(), KafkaServer.PARTITIONS);
        TopicProvisioner.ensure(settings, Topics.all());
        authority = new ScriptedAuthority(settings);
    }

    @AfterEach
    void stop() {
        authority.close();
        kafka.close();
    }

    @Test
    void shouldNotAnswer404ToAnAcceptedClaimFromBeforeItsMemory() throws Exception {
        // given
        acceptAClaim();
        appendLaterCommands();

        // when
        TestIngress restarted = ingress("1");

        // then
        try (restarted) {
            Reply undecided = restarted.get(accepted + "?userId=u1");
            assertThat(undecided.problem()).isEqualTo("503 unavailable");
            assertThat(undecided.header("Retry-After")).isEqualTo("1");
            assertThat(restarted.get(neverSent).problem()).as("of the same partition").isEqualTo("503 unavailable");
            assertThat(restarted.get("/v1/coupons/" + couponOfAnotherPartition() + "/requests/k2").problem())
                    .isEqualTo("404 unknown-request");
            assertThat(restarted.get("/readyz").status()).isEqualTo(200);
            authority.resume(coupon);
            await().untilAsserted(() -> assertThat(restarted.get(accepted).get("status")).isEqualTo("ISSUED"));
            await().untilAsserted(
                    () -> assertThat(restarted.get(neverSent).problem()).isEqualTo("404 unknown-request"));
        }
    }

    @Test
    void shouldAnswer404AfterAStartWhenEverythingIsDecided() throws Exception {
        // given
        acceptAClaim();
        appendLaterCommands();
        TestIngress before = ingress("200000");
        try (before) {
            authority.resume(coupon);
            await().untilAsserted(() -> assertThat(before.get(accepted).get("status")).isEqualTo("ISSUED"));
            assertThat(before.admin("POST", coupon + "/pause", "").status()).as("decided last").isEqualTo(200);
        }

        // when
        TestIngress restarted = ingress("1");

        // then
        try (restarted) {
            assertThat(restarted.get(neverSent).problem()).isEqualTo("404 unknown-request");
        }
    }

    /** Answers 202 to a claim that is not decided before the authority resumes. */
    private void acceptAClaim() {
        TestIngress ingress = ingress("200000");
        try (ingress) {
            assertThat(ingress.define(coupon, 3).status()).isEqualTo(201);
            authority.hold(coupon);
            assertThat(ingress.claim(coupon, "u1", "Idempotency-Key", "k1").status()).isEqualTo(202);
            assertThat(ingress.get(accepted).get("status")).isEqualTo("PENDING");
        }
    }

    /** Later ones than a memory of one request reaches back. They are not claims, which would fill this memory. */
    private void appendLaterCommands() throws Exception {
        try (var producer = new KafkaProducer<>(settings.client(), new ByteArraySerializer(),
                new ByteArraySerializer())) {
            for (int i = 1; i <= 5; i++) {
                producer.send(Topics.COMMANDS.record(new ResumeCoupon(new RequestId("o" + i), campaign.couponId())))
                        .get();
            }
        }
    }

    private TestIngress ingress(String requests) {
        return TestIngress.on(RedisServer.shared(), settings,
                Map.of("FIRSTCOME_REQUESTS_MAX", requests, "FIRSTCOME_PROCESSOR_URL", authority.url()));
    }

    private String couponOfAnotherPartition() {
        return Stream.generate(Campaign::openForLong)
                .filter(it -> partition(it.couponId()) != partition(campaign.couponId())).findFirst().orElseThrow()
                .id();
    }

    private static int partition(CouponId couponId) {
        return BuiltInPartitioner.partitionForKey(Topic.key(couponId), KafkaServer.PARTITIONS);
    }
}

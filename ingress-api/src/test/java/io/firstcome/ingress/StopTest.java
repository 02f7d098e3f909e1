package io.firstcome.ingress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.quota.ClientQuotaAlteration;
import org.apache.kafka.common.quota.ClientQuotaEntity;
import org.apache.kafka.common.quota.ClientQuotaFilter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import io.firstcome.contract.topic.Topics;
import io.firstcome.embedded.EmbeddedKafka;
import io.firstcome.ingress.testing.IngressExtension;
import io.firstcome.ingress.testing.Reply;
import io.firstcome.ingress.testing.TestIngress;
import io.firstcome.kit.settings.KafkaSettings;
import io.firstcome.kit.topics.TopicProvisioner;
import io.firstcome.testing.Campaign;
import io.firstcome.testing.KafkaServer;
import io.firstcome.testing.LogWriter;
import io.firstcome.testing.RedisServer;

/** Requests that arrived before the stop get a correct answer within the timeouts of the settings. */
class StopTest {

    @RegisterExtension
    static final IngressExtension INGRESSES = IngressExtension.shared();
    private static final RedisServer REDIS = RedisServer.shared();

    private final Campaign campaign = Campaign.openForLong();
    private final String coupon = campaign.id();
    private EmbeddedKafka kafka;
    private KafkaSettings settings;
    private TestIngress ingress;

    @BeforeEach
    void start() {
        kafka = EmbeddedKafka.start(KafkaServer.directory("stop"), 0);
        settings = new KafkaSettings(kafka.bootstrapServers(), 1);
        TopicProvisioner.ensure(settings, Topics.all());
        try (var log = new LogWriter(settings)) {
            log.write(campaign.state(1, 10, 0));
        }
    }

    @AfterEach
    void stop() {
        ingress.close();
        kafka.close();
    }

    @Test
    void shouldAnswerAClaimWithoutAcknowledgement() throws Exception {
        // given
        // The acknowledgement timeout is longer than the stop timeout of the port.
        ingress = TestIngress.withStopTimeout(Duration.ofMillis(100), settings,
                Map.of("FIRSTCOME_ACK_TIMEOUT_MS", "2000"));
        throttleProducers();
        assertThat(ingress.claim(coupon, "u1").status()).isEqualTo(202);
        CompletableFuture<Reply> claim = ingress.claimAsync(coupon, "u2");
        await().until(() -> ingress.metric("firstcome_claims_in_flight") == 1);

        // when
        ingress.service().close();

        // then
        assertThat(claim.join().problem()).isEqualTo("503 outcome-unknown");
    }

    @Test
    void shouldAnswerClaimsDuringTheStopDelay() throws InterruptedException {
        // given
        ingress = TestIngress.on(REDIS, settings, Map.of("FIRSTCOME_STOP_DELAY_MS", "3000"));

        // when
        Thread stopping = Thread.ofVirtual().start(ingress.service()::close);
        await().until(() -> ingress.get("/readyz").status() == 503);

        // then
        Reply claim = ingress.claim(coupon, "u1");
        assertThat(claim.status()).isEqualTo(202);
        assertThat(claim.header("Connection")).isEqualTo("close");
        stopping.join();
    }

    /** Sets a quota of one byte a second: after its next record a producer has to wait for minutes. */
    private void throttleProducers() throws Exception {
        var allClients = new ClientQuotaEntity(Collections.singletonMap(ClientQuotaEntity.CLIENT_ID, null));
        var oneByteASecond = new ClientQuotaAlteration(allClients,
                List.of(new ClientQuotaAlteration.Op("producer_byte_rate", 1.0)));
        try (Admin admin = Admin.create(settings.client())) {
            admin.alterClientQuotas(List.of(oneByteASecond)).all().get();
            await().until(() -> !admin.describeClientQuotas(ClientQuotaFilter.all()).entities().get().isEmpty());
        }
    }
}

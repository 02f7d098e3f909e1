package io.firstcome.ingress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import io.firstcome.contract.Topics;
import io.firstcome.embedded.EmbeddedKafka;
import io.firstcome.ingress.kafka.KafkaClients;
import io.firstcome.ingress.testing.Servers;
import io.firstcome.kit.settings.KafkaSettings;
import io.firstcome.kit.topics.TopicProvisioner;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

@ExtendWith(Servers.class)
class LogMemoryTest {

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

    @Test
    void shouldKnowTheCouponsBeforeItKnowsTheClaims() {
        // given
        var kafka = EmbeddedKafka.start(Servers.directory("without-commands"), 0);
        KafkaSettings settings = new KafkaSettings(kafka.bootstrapServers(), 1);
        TopicProvisioner.ensure(settings, List.of(Topics.STATES, Topics.OUTCOMES));
        try (kafka;
                var clients = new KafkaClients(settings, "test", meters);
                var memory = new LogMemory(clients, IngressSettings.from(environment(settings)), meters)) {

            // when
            await().until(memory::isCurrent);

            // then
            assertThat(memory.knowsClaims()).isFalse();
            TopicProvisioner.ensure(settings, Topics.all());
            await().until(memory::knowsClaims);
        }
    }

    private static Map<String, String> environment(KafkaSettings settings) {
        return Map.of("FIRSTCOME_KAFKA", settings.bootstrap(), "FIRSTCOME_ADMIN_TOKEN", "let-me-in-by-this-door");
    }
}

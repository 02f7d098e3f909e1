package io.firstcome.readmodel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import io.firstcome.contract.topic.Topics;
import io.firstcome.embedded.EmbeddedKafka;
import io.firstcome.kit.kafka.KafkaClients;
import io.firstcome.kit.settings.KafkaSettings;
import io.firstcome.kit.topics.TopicProvisioner;
import io.firstcome.readmodel.events.EventSettings;
import io.firstcome.readmodel.requests.RequestSettings;
import io.firstcome.testing.KafkaServer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

@ExtendWith(KafkaServer.class)
class ReadModelTest {

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

    @Test
    void shouldBeCurrentPerTopic() {
        // given
        var kafka = EmbeddedKafka.start(KafkaServer.directory("without-commands"), 0);
        KafkaSettings settings = new KafkaSettings(kafka.bootstrapServers(), 1);
        TopicProvisioner.ensure(settings, List.of(Topics.STATES, Topics.OUTCOMES));
        try (kafka;
                var clients = new KafkaClients(settings, "ingress", "test", meters);
                var readModel = new ReadModel(clients, RequestSettings.from(Map.of()), EventSettings.from(Map.of()),
                        meters)) {

            await().until(readModel.couponStatus()::isCurrent);
            assertThat(readModel.claimStatus().isCurrent()).as("its topic does not exist").isFalse();

            // when
            TopicProvisioner.ensure(settings, Topics.all());

            // then
            await().until(readModel.claimStatus()::isCurrent);
        }
    }
}

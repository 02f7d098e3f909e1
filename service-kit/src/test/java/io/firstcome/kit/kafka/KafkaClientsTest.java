package io.firstcome.kit.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;

import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.junit.jupiter.api.Test;

import io.firstcome.kit.settings.KafkaSettings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

/** Needs no broker: no client connects before it is used. */
class KafkaClientsTest {

    @Test
    void shouldNameTheInstanceInAGroup() {
        // given
        var settings = new KafkaSettings("127.0.0.1:1", 1, 1, "instance-1");

        // when
        try (var clients = new KafkaClients(settings, "test", "a", new SimpleMeterRegistry());
                var consumer = clients.consumer("reader", Map.of(ConsumerConfig.GROUP_ID_CONFIG, "group"))) {
            // then
            assertThat(consumer.groupMetadata().groupInstanceId()).contains("instance-1");
        }
    }

    @Test
    void shouldNotNameAnInstanceByDefault() {
        // given
        var settings = new KafkaSettings("127.0.0.1:1", 1);

        // when
        try (var clients = new KafkaClients(settings, "test", "a", new SimpleMeterRegistry());
                var consumer = clients.consumer("reader", Map.of(ConsumerConfig.GROUP_ID_CONFIG, "group"))) {
            // then
            assertThat(consumer.groupMetadata().groupInstanceId()).isEmpty();
        }
    }
}

package io.firstcome.gate.projection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.RoundRobinAssignor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

import io.firstcome.contract.topic.Topics;
import io.firstcome.kit.kafka.KafkaClients;
import io.firstcome.testing.Campaign;
import io.firstcome.testing.KafkaServer;
import io.firstcome.testing.RedisServer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

/** The projector while its polls and fills fail. */
@ExtendWith(KafkaServer.class)
class GateProjectorTroubleTest {

    @RegisterExtension
    static final RedisServer REDIS = new RedisServer();

    private final KafkaClients clients = new KafkaClients(KafkaServer.kafkaSettings(), "ingress", "trouble-test",
            new SimpleMeterRegistry());
    private final Campaign campaign = Campaign.openForLong();

    @AfterEach
    void close() {
        clients.close();
    }

    @Test
    void shouldPauseBetweenFailingPolls() {
        // given
        var otherMember = memberWithAnotherAssignor();
        try (var gate = TestProjector.startWithoutAwaitingPositions(REDIS)) {
            await().until(() -> gate.failures() > 0);

            // when
            await().during(Duration.ofSeconds(2)).until(() -> gate.failures() < 20);
            otherMember.close();

            // then
            gate.awaitPositions();
            gate.define(campaign.state(1, 10, 0)).issue(campaign, 1, 1);
            gate.awaitWarm(campaign, 1);
            assertThat(gate.projector().problem()).isEmpty();
        } finally {
            otherMember.close();
        }
    }

    @Test
    void shouldEndAfterAnError() {
        try (var gate = TestProjector.start(REDIS, Map.of())) {
            // given
            gate.define(campaign.state(1, 10, 0)).issue(campaign, 1, 1).awaitWarm(campaign, 1);
            gate.authority().fail(new LinkageError("the test breaks the authority"));

            // when
            REDIS.client().flushAll();

            // then
            await().until(() -> gate.projector().problem().isPresent());
            assertThat(gate.projector().problem().get()).contains("LinkageError");
        }
    }

    /** A consumer of the projector's group. While it is a member, the group rejects members with another assignor. */
    private KafkaConsumer<byte[], byte[]> memberWithAnotherAssignor() {
        String group = REDIS.environment().get("FIRSTCOME_GATE_GROUP");
        var member = clients.consumer("otherMember", Map.of(ConsumerConfig.GROUP_ID_CONFIG, group,
                ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG, RoundRobinAssignor.class.getName()));
        member.subscribe(List.of(Topics.OUTCOMES.name()));
        await().until(() -> {
            member.poll(Duration.ofMillis(100));
            return !member.assignment().isEmpty();
        });
        return member;
    }
}

package io.firstcome.gate.projection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.function.BooleanSupplier;

import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.RoundRobinAssignor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

import io.firstcome.contract.TopicSpec;
import io.firstcome.contract.Topics;
import io.firstcome.gate.GateSettings;
import io.firstcome.gate.redis.GateKeys;
import io.firstcome.gate.redis.RedisSettings;
import io.firstcome.kit.kafka.KafkaClients;
import io.firstcome.testing.Campaign;
import io.firstcome.testing.KafkaServer;
import io.firstcome.testing.LogWriter;
import io.firstcome.testing.RedisServer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

/** What a projector does that cannot go on, or does not end. */
@ExtendWith(KafkaServer.class)
class GateProjectorTroubleTest {

    @RegisterExtension
    static final RedisServer REDIS = new RedisServer();

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final KafkaClients clients = new KafkaClients(KafkaServer.kafkaSettings(), "ingress", "trouble-test",
            meters);
    private final GateSettings settings = GateSettings.from(REDIS.environment());

    @AfterEach
    void close() {
        clients.close();
    }

    @Test
    void shouldPauseBetweenPollsThatFailAtOnce() {
        // given
        Campaign campaign = Campaign.openForLong();
        var stranger = memberThatAgreesWithNobody();
        try (var projector = projector(() -> true); var log = new LogWriter()) {

            // then
            await().until(() -> failures() > 0);
            await().during(Duration.ofSeconds(2)).until(() -> failures() < 20);
            assertThat(projector.isAlive()).isTrue();

            // when
            stranger.close();
            log.write(campaign.issued("r1", "u1", 1));

            // then
            await().until(() -> REDIS.client().exists(GateKeys.of(campaign.couponId()).get(1)));
        } finally {
            stranger.close();
        }
    }

    @Test
    void shouldLeaveBehindAThreadThatDoesNotEnd() {
        // given
        var hanging = new CountDownLatch(1);
        var released = new CountDownLatch(1);
        var projector = projector(() -> hangs(hanging, released));
        await().until(() -> hanging.getCount() == 0);

        // when
        CompletableFuture<Void> closed = CompletableFuture.runAsync(projector::close);

        // then
        try {
            assertThat(closed).succeedsWithin(Duration.ofSeconds(60));
            assertThat(projector.isAlive()).isTrue();
        } finally {
            released.countDown();
        }
        await().until(() -> !projector.isAlive());
    }

    /** As long as it is a member, whoever joins the group with another idea of sharing is refused. */
    private KafkaConsumer<byte[], byte[]> memberThatAgreesWithNobody() {
        var member = clients.consumer("stranger", Map.of(ConsumerConfig.GROUP_ID_CONFIG, settings.group(),
                ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG, RoundRobinAssignor.class.getName()));
        member.subscribe(List.of(Topics.OUTCOMES.name()));
        await().until(() -> {
            member.poll(Duration.ofMillis(100));
            return !member.assignment().isEmpty();
        });
        return member;
    }

    private GateProjector projector(BooleanSupplier registryIsCurrent) {
        var log = new LogIdentity(clients.topicIds(Topics.all().stream().map(TopicSpec::name).toList()));
        var coupons = new RetainedCoupons(new KnownCoupons(), settings, InstantSource.system());
        return new GateProjector(clients, RedisSettings.from(REDIS.environment()), settings, log, coupons, meters);
    }

    private static boolean hangs(CountDownLatch hanging, CountDownLatch released) {
        hanging.countDown();
        try {
            released.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return true;
    }

    private double failures() {
        return meters.counter("firstcome.gate.projector.failures").count();
    }
}

package io.firstcome.kit.topics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.firstcome.contract.topic.DeadLetterTopic;
import io.firstcome.embedded.EmbeddedKafka;
import io.firstcome.kit.kafka.KafkaClients;
import io.firstcome.kit.service.StartFailure;
import io.firstcome.kit.settings.KafkaSettings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

class TopicProvisionerTest {

    private static final String DAY = "86400000";
    private static final String WEEK = "604800000";

    @TempDir
    private static Path directory;
    private static EmbeddedKafka broker;

    @BeforeAll
    static void startBroker() {
        broker = EmbeddedKafka.start(directory, 0);
    }

    @AfterAll
    static void stopBroker() {
        broker.close();
    }

    @Test
    void shouldCreateMissingTopicsAndAcceptExistingOnes() throws Exception {
        // given
        var topic = topic("created", Map.of("cleanup.policy", "delete", "message.timestamp.type", "LogAppendTime"));

        // when
        TopicProvisioner.ensure(partitions(3), List.of(topic));
        TopicProvisioner.ensure(partitions(3), List.of(topic));

        // then
        assertThat(setting("created", "message.timestamp.type")).isEqualTo("LogAppendTime");
        assertThat(setting("created", "min.insync.replicas")).isEqualTo("1");
    }

    @Test
    void shouldAllowConcurrentCreation() {
        for (int round = 1; round <= 10; round++) {
            var topics = List.of(topic("raced-" + round, Map.of()), topic("raced-too-" + round, Map.of()));
            Stream.generate(() -> CompletableFuture.runAsync(() -> TopicProvisioner.ensure(partitions(2), topics),
                    Thread::startVirtualThread))
                    .limit(3).toList().forEach(CompletableFuture::join);
        }
    }

    @Test
    void shouldWaitForABrokerThatDoesNotKnowATopicYet() throws Exception {
        try (Admin admin = Admin.create(Map.<String, Object>of("bootstrap.servers", broker.bootstrapServers()))) {
            // given
            CompletableFuture<Void> waiting = CompletableFuture.runAsync(() -> {
                try {
                    TopicProvisioner.awaitLeaders(admin, List.of(new TopicPartition("heard-of-late", 0)));
                } catch (Exception e) {
                    throw new CompletionException(e);
                }
            }, Thread::startVirtualThread);
            await("the broker was asked").pollDelay(Duration.ZERO).until(
                    () -> admin.listTopics().names().thenApply(_ -> true).get());
            assertThat(waiting).isNotDone();

            // when
            TopicProvisioner.ensure(partitions(1), List.of(topic("heard-of-late", Map.of())));

            // then
            assertThat(waiting).succeedsWithin(Duration.ofSeconds(30));
        }
    }

    @Test
    void shouldRefuseAnotherPartitionCount() {
        // given
        var topic = topic("frozen", Map.of());
        TopicProvisioner.ensure(partitions(2), List.of(topic));

        // then
        assertThatThrownBy(() -> TopicProvisioner.ensure(partitions(4), List.of(topic)))
                .isInstanceOf(StartFailure.class).hasMessageContaining("topic frozen has 2 partitions, not 4")
                .hasMessageContaining("neither change the setting nor reset");
    }

    @Test
    void shouldWaitForBrokersBeforeItCreatesTopics() {
        // given
        var two = new KafkaSettings(broker.bootstrapServers(), 1, 2, "");

        // then
        assertThatThrownBy(() -> TopicProvisioner.ensure(two, Map.of("waited-for", Map.of()), Duration.ofSeconds(1)))
                .isInstanceOf(StartFailure.class).hasMessageContaining("only 1 of 2 brokers are up")
                .hasMessageContaining("FIRSTCOME_REPLICAS");
        assertThatThrownBy(() -> setting("waited-for", "cleanup.policy"))
                .hasCauseInstanceOf(UnknownTopicOrPartitionException.class);
    }

    @Test
    void shouldRefuseAnotherNumberOfReplicas() {
        // given: created while one broker was enough
        var topics = List.of(topic("copied-once", Map.of()));
        TopicProvisioner.ensure(partitions(2), topics);

        // then
        var three = new KafkaSettings(broker.bootstrapServers(), 2, 3, "");
        assertThatThrownBy(() -> TopicProvisioner.ensure(three, topics)).isInstanceOf(StartFailure.class)
                .hasMessageContaining("have fewer than 3 replicas: copied-once-0 has 1, copied-once-1 has 1")
                .hasMessageContaining("kafka-reassign-partitions.sh").hasMessageContaining("FIRSTCOME_REPLICAS");
    }

    @Test
    void shouldRefuseAnotherMinInSyncReplicas() throws Exception {
        // given
        var topics = List.of(topic("one-in-sync", Map.of()));
        TopicProvisioner.ensure(partitions(1), topics);
        set("one-in-sync", "min.insync.replicas", "2");

        // then
        assertThatThrownBy(() -> TopicProvisioner.ensure(partitions(1), topics)).isInstanceOf(StartFailure.class)
                .hasMessageContaining("one-in-sync has min.insync.replicas=2, not 1")
                .hasMessageContaining("kafka-configs.sh");
    }

    @Test
    void shouldNameASettingThatTheBrokerRefuses() {
        // given
        TopicProvisioner.ensure(partitions(1), List.of(topic("guarded", Map.of())));
        var wanted = List.of(topic("guarded", Map.of("unclean.leader.election.enable", "perhaps")));

        // then
        assertThatThrownBy(() -> TopicProvisioner.ensure(partitions(1), wanted)).isInstanceOf(StartFailure.class)
                .hasMessageContaining("refuses to change settings of topics")
                .hasMessageContaining("AlterConfigs")
                .hasMessageContaining("guarded: unclean.leader.election.enable=perhaps (it is false)");
    }

    @Test
    void shouldApplySettingsThatAReleaseAdds() throws Exception {
        // given
        TopicProvisioner.ensure(partitions(1),
                List.of(topic("older", Map.of("retention.ms", DAY, "message.timestamp.before.max.ms", DAY))));

        // when
        TopicProvisioner.ensure(partitions(1), List.of(topic("older", Map.of("retention.ms", DAY,
                "message.timestamp.after.max.ms", "" + Long.MAX_VALUE,
                "message.timestamp.before.max.ms", "" + Long.MAX_VALUE, "retention.bytes", "-1",
                "max.compaction.lag.ms", "1800000"))));

        // then: a broker describes the old settings until it has read the change
        await().until(() -> setting("older", "message.timestamp.after.max.ms").equals("" + Long.MAX_VALUE));
        await().until(() -> setting("older", "message.timestamp.before.max.ms").equals("" + Long.MAX_VALUE));
        await().until(() -> setting("older", "max.compaction.lag.ms").equals("1800000"));
        assertThat(setting("older", "retention.ms")).isEqualTo(DAY);
    }

    @Test
    void shouldRefuseATopicWithTimestampsOfClients() {
        // given
        TopicProvisioner.ensure(partitions(1), List.of(topic("timed", Map.of("message.timestamp.type", "CreateTime"))));
        var wanted = topic("timed", Map.of("message.timestamp.type", "LogAppendTime"));

        // then
        assertThatThrownBy(() -> TopicProvisioner.ensure(partitions(1), List.of(wanted)))
                .isInstanceOf(StartFailure.class)
                .hasMessageContaining("timed has message.timestamp.type=CreateTime, not LogAppendTime");
    }

    @Test
    void shouldAcceptLongerRetentionAndRefuseShorter() throws Exception {
        // given
        TopicProvisioner.ensure(partitions(1), List.of(topic("kept", Map.of("retention.ms", WEEK))));

        // then
        assertThatCode(
                () -> TopicProvisioner.ensure(partitions(1), List.of(topic("kept", Map.of("retention.ms", DAY)))))
                .doesNotThrowAnyException();
        set("kept", "retention.ms", "1000");
        assertThatThrownBy(
                () -> TopicProvisioner.ensure(partitions(1), List.of(topic("kept", Map.of("retention.ms", DAY)))))
                .hasMessageContaining("kept has retention.ms=1000");
        set("kept", "retention.ms", "-1");
        assertThatCode(
                () -> TopicProvisioner.ensure(partitions(1), List.of(topic("kept", Map.of("retention.ms", DAY)))))
                .doesNotThrowAnyException();
    }

    @Test
    void shouldTellTheRetentionThatAnOperatorChooses() throws Exception {
        // given
        DeadLetterTopic topic = topic("chosen", Map.of("retention.ms", DAY));
        TopicProvisioner.ensure(partitions(1), List.of(topic));

        // then
        try (var clients = new KafkaClients(partitions(1), "test", "a", new SimpleMeterRegistry())) {
            assertThat(clients.retention(topic)).contains(Duration.ofDays(1));
            set("chosen", "retention.ms", "-1");
            assertThat(clients.retention(topic)).as("for ever").isEmpty();
        }
    }

    @Test
    void shouldNameTheKafkaThatCannotBeUsed() {
        // given
        var nonsense = new KafkaSettings("nonsense", 1);

        // then
        assertThatThrownBy(() -> TopicProvisioner.ensure(nonsense, List.of(topic("any", Map.of()))))
                .isInstanceOf(StartFailure.class).hasMessageContaining("Kafka at nonsense cannot be used")
                .hasMessageContaining("FIRSTCOME_KAFKA_BOOTSTRAP_SERVERS");
    }

    private static DeadLetterTopic topic(String name, Map<String, String> settings) {
        return new DeadLetterTopic(name, settings);
    }

    private static KafkaSettings partitions(int count) {
        return new KafkaSettings(broker.bootstrapServers(), count);
    }

    private static String setting(String topic, String key) throws Exception {
        try (Admin admin = Admin.create(partitions(1).client())) {
            var resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
            return admin.describeConfigs(List.of(resource)).all().get().get(resource).get(key).value();
        }
    }

    /** Returns when the broker uses the new value. */
    private static void set(String topic, String key, String value) throws Exception {
        try (Admin admin = Admin.create(partitions(1).client())) {
            var resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
            var change = new AlterConfigOp(new ConfigEntry(key, value), AlterConfigOp.OpType.SET);
            admin.incrementalAlterConfigs(Map.of(resource, List.of(change))).all().get();
        }
        // A broker applies a change of the controller with a delay.
        await().until(() -> setting(topic, key).equals(value));
    }
}

package io.firstcome.ingress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitionReassignment;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

import io.firstcome.contract.topic.TopicSpec;
import io.firstcome.contract.topic.Topics;
import io.firstcome.embedded.KafkaCluster;
import io.firstcome.ingress.testing.TestIngress;
import io.firstcome.kit.settings.KafkaSettings;
import io.firstcome.kit.topics.TopicProvisioner;
import io.firstcome.testing.Campaign;
import io.firstcome.testing.KafkaServer;
import io.firstcome.testing.RedisServer;
import io.firstcome.testing.ScriptedAuthority;

/** The leader of one partition does not respond: only the coupons of this partition are refused. */
@ExtendWith(KafkaServer.class)
class SilentPartitionTest {

    private static final int PARTITIONS = 3;
    private static final int SILENT = 1;
    /** The leader of the silent partition; the other broker leads all others. */
    private static final int SILENT_BROKER = 2;
    private static final int OTHER_BROKER = 1;
    private static final String[] WAIT = {"Prefer", "wait=30"};

    @RegisterExtension
    static final RedisServer REDIS = new RedisServer();

    private static KafkaCluster cluster;
    private static ScriptedAuthority authority;
    private static TestIngress ingress;

    private final String silent = coupon(true);
    private final String other = coupon(false);

    @BeforeAll
    static void start() throws Exception {
        cluster = KafkaCluster.launch(KafkaServer.directory("kafka-cluster"), 2);
        var kafka = new KafkaSettings(cluster.bootstrapServers(), PARTITIONS);
        try (Admin admin = Admin.create(kafka.client())) {
            await().ignoreExceptions().until(() -> admin.describeCluster().nodes().get().size() == 2);
            TopicProvisioner.ensure(kafka, Topics.all());
            placeLeaders(admin);
        }
        authority = new ScriptedAuthority(kafka);
        ingress = TestIngress.on(REDIS, kafka, Map.of("FIRSTCOME_PROCESSOR_URL", authority.url(),
                "FIRSTCOME_ACK_TIMEOUT_MS", "1000"));
    }

    private static void placeLeaders(Admin admin) throws Exception {
        Map<TopicPartition, Optional<NewPartitionReassignment>> leaders = new HashMap<>();
        List<String> topics = Topics.all().stream().map(TopicSpec::name).toList();
        for (String topic : topics) {
            for (int partition = 0; partition < PARTITIONS; partition++) {
                leaders.put(new TopicPartition(topic, partition), Optional
                        .of(new NewPartitionReassignment(
                                List.of(partition == SILENT ? SILENT_BROKER : OTHER_BROKER))));
            }
        }
        admin.alterPartitionReassignments(leaders).all().get();
        await().until(() -> admin.listPartitionReassignments().reassignments().get().isEmpty()
                && admin.describeTopics(topics).allTopicNames().get().values().stream()
                        .flatMap(topic -> topic.partitions().stream())
                        .allMatch(it -> it.leader().id() == (it.partition() == SILENT ? SILENT_BROKER : OTHER_BROKER)));
    }

    @AfterAll
    static void stop() {
        cluster.resume(SILENT_BROKER);
        ingress.close();
        authority.close();
        cluster.close();
    }

    private static String coupon(boolean isSilent) {
        return Stream.generate(Campaign::openForLong).map(Campaign::id)
                .filter(id -> isSilent == (partitionOf(id) == SILENT)).findFirst().orElseThrow();
    }

    private static int partitionOf(String coupon) {
        return BuiltInPartitioner.partitionForKey(coupon.getBytes(StandardCharsets.UTF_8), PARTITIONS);
    }

    @Test
    void shouldRefuseOnlyTheCouponsOfTheSilentPartition() {
        // given
        ingress.define(silent, 100);
        ingress.define(other, 100);
        assertThat(ingress.claim(silent, "u1", WAIT).status()).isEqualTo(201);
        assertThat(ingress.claim(other, "u1", WAIT).status()).isEqualTo(201);

        // when
        cluster.pause(SILENT_BROKER);

        // then
        try {
            await().until(() -> ingress.claim(silent, "u-" + System.nanoTime()).problem().equals("503 unavailable"));
            assertThat(ingress.claim(silent, "u2").header("Retry-After")).isNotEmpty();
            assertThat(ingress.claim(coupon(true), "u2").problem()).as("may be defined").isEqualTo("503 unavailable");

            assertThat(ingress.get("/readyz").status()).isEqualTo(200);
            assertThat(ingress.claim(other, "u2").status()).isEqualTo(202);
            assertThat(ingress.claim(other, "u3", WAIT).status()).isEqualTo(201);
            assertThat(ingress.claim(coupon(false), "u2").problem()).isEqualTo("404 unknown-coupon");
        } finally {
            cluster.resume(SILENT_BROKER);
        }
        await("served again").until(() -> ingress.claim(silent, "u4", WAIT).status() == 201);
    }
}

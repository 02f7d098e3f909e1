package io.firstcome.kit.topics;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.stream.Collectors;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.firstcome.contract.topic.TopicSpec;
import io.firstcome.contract.topic.Topics;
import io.firstcome.kit.service.StartFailure;
import io.firstcome.kit.settings.KafkaSettings;

/**
 * Creates missing topics with explicit settings, and refuses to start when an existing topic differs. Another partition
 * count would send a coupon's commands to a partition without its state, and another timestamp type would let the
 * clocks of clients decide who was first. Any number of services may create the topics at the same time.
 */
public final class TopicProvisioner {

    private static final Logger LOG = LoggerFactory.getLogger(TopicProvisioner.class);
    private static final int TIMEOUT_SECONDS = 30;
    private static final Duration RETRY_INTERVAL = Duration.ofMillis(50);
    private static final short MAX_REPLICAS = 3;
    /**
     * What a service may change by itself: each value keeps more, or refuses less, than any other. Compaction removes
     * only records that a newer one has replaced.
     */
    private static final Set<String> SAFE = Set.of("retention.bytes", "unclean.leader.election.enable",
            Topics.TIME_AHEAD_MAX, Topics.COMPACTION_LAG_MAX);

    private final Admin admin;
    private final int partitions;

    private TopicProvisioner(Admin admin, int partitions) {
        this.admin = admin;
        this.partitions = partitions;
    }

    /**
     * Makes sure that every topic exists as declared.
     *
     * @return the least number of replicas of any of the topics, to be used for other topics of the service
     * @throws StartFailure when the address is invalid, Kafka cannot be reached within 30 s, or a topic exists with
     *             other settings
     */
    public static int ensure(KafkaSettings kafka, List<? extends TopicSpec> topics) {
        var properties = kafka.client();
        properties.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, TIMEOUT_SECONDS * 1000);
        try (Admin admin = Admin.create(properties)) {
            return new TopicProvisioner(admin, kafka.partitions()).ensure(topics);
        } catch (ExecutionException | TimeoutException | KafkaException e) {
            throw new StartFailure("Kafka at " + kafka.bootstrap() + " cannot be used: " + e.getMessage()
                    + ". Start it, or set FIRSTCOME_KAFKA_BOOTSTRAP_SERVERS to its address.", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StartFailure("interrupted while waiting for Kafka", e);
        }
    }

    private int ensure(List<? extends TopicSpec> topics)
            throws ExecutionException, TimeoutException, InterruptedException {
        createMissing(topics);
        List<String> names = topics.stream().map(TopicSpec::name).toList();
        Map<String, TopicDescription> found = retryWhileUnknown(() -> admin.describeTopics(names).allTopicNames());
        found.values().forEach(this::assertPartitions);
        applySafeSettings(topics);
        assertSettings(topics);
        awaitLeaders(found.values());
        return found.values().stream().flatMap(topic -> topic.partitions().stream())
                .mapToInt(partition -> partition.replicas().size()).min().orElseThrow();
    }

    /**
     * A partition is described before its broker leads it. When a producer writes in between, its first batch may be
     * refused and its second accepted, and then it is out of sequence until its delivery times out. Only a leader
     * answers a request for offsets, and the client repeats the request until one does.
     */
    private void awaitLeaders(Collection<TopicDescription> topics)
            throws ExecutionException, TimeoutException, InterruptedException {
        Map<TopicPartition, OffsetSpec> ends = topics.stream()
                .flatMap(topic -> topic.partitions().stream()
                        .map(partition -> new TopicPartition(topic.name(), partition.partition())))
                .collect(Collectors.toMap(partition -> partition, partition -> OffsetSpec.latest()));
        await(admin.listOffsets(ends).all());
    }

    private void createMissing(List<? extends TopicSpec> topics)
            throws ExecutionException, TimeoutException, InterruptedException {
        int brokers = await(admin.describeCluster().nodes()).size();
        Set<String> present = await(admin.listTopics().names());
        List<NewTopic> missing = topics.stream().filter(topic -> !present.contains(topic.name()))
                .map(topic -> declaration(topic, brokers)).toList();
        for (Map.Entry<String, KafkaFuture<Void>> creation : admin.createTopics(missing).values().entrySet()) {
            awaitCreation(creation.getKey(), creation.getValue());
        }
    }

    private NewTopic declaration(TopicSpec topic, int brokers) {
        short replicas = (short) Math.min(MAX_REPLICAS, brokers);
        Map<String, String> settings = new HashMap<>(topic.settings());
        settings.put("min.insync.replicas", String.valueOf(Math.max(1, replicas - 1)));
        return new NewTopic(topic.name(), partitions, replicas).configs(settings);
    }

    private static void awaitCreation(String name, KafkaFuture<Void> creation)
            throws ExecutionException, TimeoutException, InterruptedException {
        try {
            await(creation);
            LOG.info("created topic {}", name);
        } catch (ExecutionException e) {
            // Another service created the topic first. Its settings are checked below.
            if (!(e.getCause() instanceof TopicExistsException)) {
                throw e;
            }
        }
    }

    private void assertPartitions(TopicDescription topic) {
        if (topic.partitions().size() != partitions) {
            throw new StartFailure("topic " + topic.name() + " has " + topic.partitions().size() + " partitions, not "
                    + partitions
                    + ": the count is frozen at creation. If FIRSTCOME_PARTITIONS was changed, set it back."
                    + " If partitions were added to the topic, neither change the setting nor reset an application:"
                    + " see \"Partitions were added to a topic\" in docs/operations.md.");
        }
    }

    /** Settings that a release adds must not keep existing installations from starting. */
    private void applySafeSettings(List<? extends TopicSpec> topics)
            throws ExecutionException, TimeoutException, InterruptedException {
        Map<ConfigResource, TopicSpec> wanted = byResource(topics);
        Map<ConfigResource, Collection<AlterConfigOp>> changes = new HashMap<>();
        retryWhileUnknown(() -> admin.describeConfigs(wanted.keySet()).all()).forEach((resource, actual) -> {
            for (Map.Entry<String, String> setting : wanted.get(resource).settings().entrySet()) {
                String found = valueOf(actual, setting.getKey());
                if (SAFE.contains(setting.getKey()) && !setting.getValue().equals(found)) {
                    LOG.info("topic {}: {} is set to {}; it was {}", resource.name(), setting.getKey(),
                            setting.getValue(), found);
                    changes.computeIfAbsent(resource, _ -> new ArrayList<>()).add(new AlterConfigOp(
                            new ConfigEntry(setting.getKey(), setting.getValue()), AlterConfigOp.OpType.SET));
                }
            }
        });
        if (!changes.isEmpty()) {
            await(admin.incrementalAlterConfigs(changes).all());
        }
    }

    private static Map<ConfigResource, TopicSpec> byResource(List<? extends TopicSpec> topics) {
        return topics.stream().collect(Collectors
                .toMap(topic -> new ConfigResource(ConfigResource.Type.TOPIC, topic.name()), topic -> topic));
    }

    private void assertSettings(List<? extends TopicSpec> topics)
            throws ExecutionException, TimeoutException, InterruptedException {
        Map<ConfigResource, TopicSpec> wanted = byResource(topics);
        List<String> differences = new ArrayList<>();
        retryWhileUnknown(() -> admin.describeConfigs(wanted.keySet()).all())
                .forEach((resource, actual) -> compare(wanted.get(resource), actual, differences));
        if (!differences.isEmpty()) {
            throw new StartFailure("topics differ from their declaration, change them or use another cluster: "
                    + String.join("; ", differences));
        }
    }

    /** An operator may choose a longer retention. Every other setting must be as declared. */
    private static void compare(TopicSpec topic, Config actual, List<String> differences) {
        topic.settings().forEach((key, value) -> {
            if (SAFE.contains(key)) {
                return;
            }
            String found = valueOf(actual, key);
            boolean matches = key.equals("retention.ms") ? isAtLeast(found, value) : value.equals(found);
            if (!matches) {
                differences.add(topic.name() + " has " + key + "=" + found + ", not " + value);
            }
        });
    }

    /** Null when the broker does not know the setting or hides it. */
    private static String valueOf(Config config, String key) {
        ConfigEntry entry = config.get(key);
        return entry == null ? null : entry.value();
    }

    private static boolean isAtLeast(String retention, String declared) {
        long millis = Long.parseLong(retention);
        return millis == -1 || millis >= Long.parseLong(declared);
    }

    /** A broker does not know a topic that the controller has just created until its metadata has been replicated. */
    private static <T> T retryWhileUnknown(Supplier<KafkaFuture<T>> request)
            throws ExecutionException, TimeoutException, InterruptedException {
        Instant deadline = Instant.now().plusSeconds(TIMEOUT_SECONDS);
        while (true) {
            try {
                return await(request.get());
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof UnknownTopicOrPartitionException) || Instant.now().isAfter(deadline)) {
                    throw e;
                }
                Thread.sleep(RETRY_INTERVAL);
            }
        }
    }

    private static <T> T await(KafkaFuture<T> future)
            throws ExecutionException, TimeoutException, InterruptedException {
        return future.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    }
}

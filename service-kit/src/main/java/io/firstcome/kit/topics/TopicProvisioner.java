package io.firstcome.kit.topics;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.firstcome.contract.topic.TopicSpec;
import io.firstcome.contract.topic.Topics;
import io.firstcome.kit.kafka.TopicLookup;
import io.firstcome.kit.service.StartFailure;
import io.firstcome.kit.settings.KafkaSettings;

/**
 * Creates missing topics with explicit settings, and refuses to start when an existing topic differs. Another partition
 * count would send a coupon's commands to a partition without its state, another timestamp type would let the clocks of
 * clients decide who was first, and fewer replicas would lose acknowledged records with one disk. Any number of
 * services may create the topics at the same time, also while the brokers start.
 */
public final class TopicProvisioner {

    private static final Logger LOG = LoggerFactory.getLogger(TopicProvisioner.class);
    /** How long the brokers may take to start. Services that start together with their brokers wait for them. */
    private static final Duration BROKERS_TIMEOUT = Duration.ofMinutes(2);
    private static final Duration POLL_INTERVAL = Duration.ofMillis(250);
    private static final Duration LOG_INTERVAL = Duration.ofSeconds(5);
    private static final int RECONNECT_BACKOFF_MILLIS = 500;
    private static final DescribeClusterOptions ANSWER_SOON = new DescribeClusterOptions().timeoutMs(5_000);
    private static final String MIN_IN_SYNC_REPLICAS = TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG;
    /**
     * What a service may change by itself: each value keeps more, or refuses less, than any other. Compaction removes
     * only records that a newer one has replaced.
     */
    private static final Set<String> SAFE = Set.of("retention.bytes", "unclean.leader.election.enable",
            Topics.TIME_AHEAD_MAX, Topics.TIME_BEHIND_MAX, Topics.COMPACTION_LAG_MAX);

    private final Admin admin;
    private final KafkaSettings kafka;
    private final Duration brokersTimeout;
    /** By topic, with {@code min.insync.replicas}. */
    private final Map<String, Map<String, String>> declared = new TreeMap<>();

    private TopicProvisioner(Admin admin, KafkaSettings kafka, Duration brokersTimeout,
            Map<String, Map<String, String>> topics) {
        this.admin = admin;
        this.kafka = kafka;
        this.brokersTimeout = brokersTimeout;
        topics.forEach((name, settings) -> {
            Map<String, String> all = new HashMap<>(settings);
            all.put(MIN_IN_SYNC_REPLICAS, String.valueOf(kafka.minInSyncReplicas()));
            declared.put(name, all);
        });
    }

    /**
     * Makes sure that every topic exists as declared. Waits up to two minutes for the brokers: for one of them, and
     * before topics are created for as many as a topic has replicas.
     *
     * @throws StartFailure when the address is invalid, too few brokers are up, the brokers refuse a request, or a
     *             topic exists with other settings
     */
    public static void ensure(KafkaSettings kafka, List<? extends TopicSpec> topics) {
        ensure(kafka, topics.stream().collect(Collectors.toMap(TopicSpec::name, TopicSpec::settings)));
    }

    /**
     * Makes sure that topics exist as declared, see {@link #ensure(KafkaSettings, List)}.
     *
     * @param topics the Kafka configuration of each topic, by its name
     */
    public static void ensure(KafkaSettings kafka, Map<String, Map<String, String>> topics) {
        ensure(kafka, topics, BROKERS_TIMEOUT);
    }

    static void ensure(KafkaSettings kafka, Map<String, Map<String, String>> topics, Duration brokersTimeout) {
        var properties = kafka.client(AdminClientConfig.configNames());
        properties.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) TopicLookup.TIMEOUT.toMillis());
        // While the brokers start, the client logs each connection that it cannot open.
        properties.put(AdminClientConfig.RECONNECT_BACKOFF_MS_CONFIG, RECONNECT_BACKOFF_MILLIS);
        properties.put(AdminClientConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, 4 * RECONNECT_BACKOFF_MILLIS);
        try (Admin admin = Admin.create(properties)) {
            new TopicProvisioner(admin, kafka, brokersTimeout, topics).ensure();
        } catch (ExecutionException e) {
            throw refused(kafka, e.getCause());
        } catch (TimeoutException e) {
            throw new StartFailure("Kafka at " + kafka.bootstrap() + " did not answer within "
                    + TopicLookup.TIMEOUT.toSeconds() + " s. Look at the brokers' logs.", e);
        } catch (KafkaException e) {
            throw unusable(kafka, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StartFailure("interrupted while waiting for Kafka", e);
        }
    }

    private static StartFailure unusable(KafkaSettings kafka, Throwable cause) {
        Throwable root = cause;
        // A client that cannot be created hides the reason, such as a file that cannot be read. So does a TLS failure.
        if (!(cause instanceof ApiException) || cause instanceof AuthenticationException) {
            while (root.getCause() != null) {
                root = root.getCause();
            }
        }
        boolean isSecurity = cause instanceof AuthenticationException
                || root != cause && !(root instanceof ConfigException);
        return new StartFailure("Kafka at " + kafka.bootstrap() + " cannot be used: " + root.getMessage()
                + (isSecurity
                        ? ". Correct FIRSTCOME_KAFKA_SECURITY_PROTOCOL, …_SASL_… and …_SSL_…."
                        : ". Start it, or set FIRSTCOME_KAFKA_BOOTSTRAP_SERVERS to its address."),
                cause);
    }

    private static StartFailure refused(KafkaSettings kafka, Throwable cause) {
        String advice = cause instanceof AuthorizationException
                ? "Grant Create, Describe, DescribeConfigs and AlterConfigs on the topics to this service."
                : "Look at the brokers' logs.";
        return new StartFailure("Kafka at " + kafka.bootstrap() + " answers, but its topics cannot be prepared: "
                + cause.getMessage() + " (" + cause.getClass().getSimpleName() + "). " + advice, cause);
    }

    private void ensure() throws ExecutionException, TimeoutException, InterruptedException {
        awaitBrokers(1);
        createMissing();
        Map<String, TopicDescription> found = TopicLookup.describe(admin, declared.keySet());
        found.values().forEach(this::assertPartitions);
        assertReplicas(found.values());
        applySafeSettings();
        assertSettings();
        awaitLeaders(found.values());
    }

    /** Kafka creates no topic with more replicas than there are brokers. */
    private void awaitBrokers(int count) throws InterruptedException {
        long start = System.nanoTime();
        long nextLine = start + LOG_INTERVAL.toNanos();
        while (true) {
            int up = 0;
            Throwable cause = null;
            try {
                up = admin.describeCluster(ANSWER_SOON).nodes().get().size();
            } catch (ExecutionException e) {
                cause = e.getCause();
                if (!TopicLookup.mayPass(cause)) {
                    throw unusable(kafka, cause);
                }
            }
            if (up >= count) {
                return;
            }
            long now = System.nanoTime();
            if (now - start > brokersTimeout.toNanos()) {
                throw cause != null
                        ? unusable(kafka, cause)
                        : new StartFailure("only " + up + " of " + count + " brokers are up at " + kafka.bootstrap()
                                + " after " + brokersTimeout.toSeconds() + " s, and each topic has " + count
                                + " replicas. Start the other brokers. If this cluster is meant to have fewer, set"
                                + " FIRSTCOME_REPLICAS.");
            }
            if (now - nextLine > 0) {
                LOG.info("waiting for brokers: {} of {} are up at {}{}", up, kafka.replicas(), kafka.bootstrap(),
                        cause == null ? "" : " (" + cause.getMessage() + ")");
                nextLine = now + LOG_INTERVAL.toNanos();
            }
            Thread.sleep(POLL_INTERVAL);
        }
    }

    private void createMissing() throws ExecutionException, TimeoutException, InterruptedException {
        Set<String> present = TopicLookup.retry(() -> admin.listTopics().names());
        List<NewTopic> missing = declared.keySet().stream().filter(name -> !present.contains(name)).map(
                name -> new NewTopic(name, kafka.partitions(), (short) kafka.replicas()).configs(declared.get(name)))
                .toList();
        if (missing.isEmpty()) {
            return;
        }
        awaitBrokers(kafka.replicas());
        long deadline = System.nanoTime() + TopicLookup.TIMEOUT.toNanos();
        while (!missing.isEmpty()) {
            missing = create(missing, deadline);
        }
    }

    /** Returns the topics to try again: a broker may have gone since it was counted. */
    private List<NewTopic> create(List<NewTopic> topics, long deadline)
            throws ExecutionException, TimeoutException, InterruptedException {
        Map<String, KafkaFuture<Void>> creations = admin.createTopics(topics).values();
        List<NewTopic> again = new ArrayList<>();
        for (NewTopic topic : topics) {
            try {
                creations.get(topic.name()).get(TopicLookup.TIMEOUT.toSeconds(), TimeUnit.SECONDS);
                LOG.info("created topic {}", topic.name());
            } catch (ExecutionException e) {
                // Another service may have created the topic first. Its settings are checked below.
                if (!(e.getCause() instanceof TopicExistsException)) {
                    if (!TopicLookup.mayPass(e.getCause()) || System.nanoTime() - deadline > 0) {
                        throw e;
                    }
                    again.add(topic);
                }
            }
        }
        if (!again.isEmpty()) {
            Thread.sleep(POLL_INTERVAL);
        }
        return again;
    }

    private void assertPartitions(TopicDescription topic) {
        if (topic.partitions().size() != kafka.partitions()) {
            throw new StartFailure("topic " + topic.name() + " has " + topic.partitions().size() + " partitions, not "
                    + kafka.partitions()
                    + ": the count is frozen at creation. If FIRSTCOME_PARTITIONS was changed, set it back."
                    + " If partitions were added to the topic, neither change the setting nor reset an application:"
                    + " see \"Partitions were added to a topic\" in docs/operations.md.");
        }
    }

    private void assertReplicas(Collection<TopicDescription> topics) {
        List<String> differences = new ArrayList<>();
        for (TopicDescription topic : topics) {
            for (TopicPartitionInfo partition : topic.partitions()) {
                // While partitions are reassigned they have the replicas of both brokers.
                if (partition.replicas().size() < kafka.replicas()) {
                    differences.add(topic.name() + "-" + partition.partition() + " has " + partition.replicas().size());
                }
            }
        }
        if (!differences.isEmpty()) {
            throw new StartFailure("partitions have fewer than " + kafka.replicas() + " replicas: "
                    + String.join(", ", differences) + ". Change them with kafka-reassign-partitions.sh, or set"
                    + " FIRSTCOME_REPLICAS to the number that the topics are meant to have.");
        }
    }

    /** Settings that a release adds must not keep existing installations from starting. */
    private void applySafeSettings() throws ExecutionException, TimeoutException, InterruptedException {
        Map<ConfigResource, Collection<AlterConfigOp>> changes = new HashMap<>();
        List<String> lines = new ArrayList<>();
        settings().forEach((topic, actual) -> declared.get(topic).forEach((key, value) -> {
            String found = valueOf(actual, key);
            if (SAFE.contains(key) && !value.equals(found)) {
                lines.add(topic + ": " + key + "=" + value + " (it is " + found + ")");
                changes.computeIfAbsent(resource(topic), _ -> new ArrayList<>())
                        .add(new AlterConfigOp(new ConfigEntry(key, value), AlterConfigOp.OpType.SET));
            }
        }));
        if (changes.isEmpty()) {
            return;
        }
        LOG.info("changing settings of topics: {}", lines);
        try {
            TopicLookup.retry(() -> admin.incrementalAlterConfigs(changes).all());
        } catch (ExecutionException e) {
            throw new StartFailure("Kafka at " + kafka.bootstrap() + " refuses to change settings of topics: "
                    + e.getCause().getMessage() + ". Grant AlterConfigs on the topics to this service, or set them with"
                    + " kafka-configs.sh: " + String.join("; ", lines), e);
        }
    }

    /** An operator may choose a longer retention. Every other setting must be as declared. */
    private void assertSettings() throws ExecutionException, TimeoutException, InterruptedException {
        List<String> differences = new ArrayList<>();
        settings().forEach((topic, actual) -> declared.get(topic).forEach((key, value) -> {
            String found = valueOf(actual, key);
            boolean matches = key.equals("retention.ms") ? isAtLeast(found, value) : value.equals(found);
            if (!matches && !SAFE.contains(key)) {
                differences.add(topic + " has " + key + "=" + found + ", not " + value);
            }
        }));
        if (!differences.isEmpty()) {
            throw new StartFailure("topics differ from their declaration, change them with kafka-configs.sh or use"
                    + " another cluster: " + String.join("; ", differences));
        }
    }

    private Map<String, Config> settings() throws ExecutionException, TimeoutException, InterruptedException {
        List<ConfigResource> resources = declared.keySet().stream().map(TopicProvisioner::resource).toList();
        return TopicLookup.retry(() -> admin.describeConfigs(resources).all()).entrySet().stream()
                .collect(Collectors.toMap(topic -> topic.getKey().name(), Map.Entry::getValue));
    }

    private static ConfigResource resource(String topic) {
        return new ConfigResource(ConfigResource.Type.TOPIC, topic);
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

    /**
     * A partition is described before its broker leads it. When a producer writes in between, its first batch may be
     * refused and its second accepted, and then it is out of sequence until its delivery times out. Only a leader
     * answers a request for offsets. The client repeats the request until one does, except to a broker that has not
     * heard of the topic yet.
     */
    private void awaitLeaders(Collection<TopicDescription> topics)
            throws ExecutionException, TimeoutException, InterruptedException {
        awaitLeaders(admin, topics.stream().flatMap(topic -> topic.partitions().stream()
                .map(partition -> new TopicPartition(topic.name(), partition.partition()))).toList());
    }

    static void awaitLeaders(Admin admin, List<TopicPartition> partitions)
            throws ExecutionException, TimeoutException, InterruptedException {
        Map<TopicPartition, OffsetSpec> ends = partitions.stream()
                .collect(Collectors.toMap(partition -> partition, _ -> OffsetSpec.latest()));
        TopicLookup.retry(() -> admin.listOffsets(ends).all());
    }
}

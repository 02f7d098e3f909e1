package io.firstcome.processor.topology;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StoreQueryParameters;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.StreamPartitioner;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.QueryableStoreTypes;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

import io.firstcome.contract.CouponOutcome;
import io.firstcome.contract.topic.Topics;
import io.firstcome.kit.tracing.Tracing;
import io.firstcome.processor.commit.CommitPacer;
import io.firstcome.processor.continuity.AcceptedLoss;
import io.firstcome.processor.continuity.PartitionFacts;

/**
 * The authority's complete data flow:
 *
 * <pre>
 * coupon-commands → decide → coupon-outcomes
 *                     ║    → coupon-states
 *                     ║    → coupon-commands-dlq
 *   coupons, issued-counts, issued-users, log-position
 * </pre>
 *
 * <p>Arrows are records. The double line connects the processor to its stores, which it reads and writes.
 *
 * <p>Every node and store has an explicit name, because the names of the changelog topics derive from them: under
 * another name a store is <em>empty</em>, and the authority refuses to run without the issues of its coupons. A test
 * compares this topology with a golden text; a difference there needs a migration.
 */
public final class CouponTopology {

    /** Store: the definition, status and version of each coupon, by coupon id. */
    public static final String COUPONS = "coupons";
    /** Store: the issued count, the revoked count and the clock of each coupon, by coupon id. */
    public static final String ISSUED_COUNTS = "issued-counts";
    /**
     * Store: what each user was issued, by coupon id and user id; revoked coupons included. Rejections are not stored:
     * any caller can provoke them without limit.
     */
    public static final String ISSUED_USERS = "issued-users";

    /** Store: up to where the commands are decided, one entry for each partition. */
    static final String LOG_POSITION = "log-position";

    /** All stores. Each has a changelog with one partition for each partition of {@code coupon-commands}. */
    public static final List<String> STORES = List.of(COUPONS, ISSUED_COUNTS, ISSUED_USERS, LOG_POSITION);

    static final String COMMANDS_SOURCE = "ingest-coupon-commands";
    static final String DECIDE = "decide-coupon-commands";
    static final String OUTCOMES_SINK = "egress-coupon-outcomes";
    static final String STATES_SINK = "egress-coupon-states";
    static final String DEAD_LETTERS_SINK = "egress-coupon-commands-dlq";

    private static final ByteArraySerializer BYTES = new ByteArraySerializer();

    private CouponTopology() {}

    /** Called on the stream thread, before the commit: what it is told may be aborted, and then decided again. */
    @FunctionalInterface
    public interface Observer {

        /**
         * A command was decided.
         *
         * @param appendTime when the command was appended to the log, in milliseconds since 1970
         */
        void decided(CouponOutcome outcome, long appendTime);

        /** A record that is no command went to the dead letters. */
        default void deadLettered() {}

        /**
         * A task begins to decide: its stores are complete.
         *
         * @param start identifies this start of the task
         */
        default void opened(int partition, Object start) {}

        /** A start of a task has ended: from now on its stores may be wiped. */
        default void closed(int partition, Object start) {}
    }

    /**
     * The topology.
     *
     * @param partitions how many partitions {@code coupon-commands} has; a command in a partition that its key does not
     *     map to is invalid
     * @param facts what Kafka has, to notice lost state
     * @param accepted the losses that an operator accepts
     * @param pacer requests commits
     * @param tracing makes the spans of decisions
     * @param observer is told of every outcome and dead letter
     */
    public static Topology build(int partitions, PartitionFacts facts, AcceptedLoss accepted, CommitPacer pacer,
            Tracing tracing, Observer observer) {
        var reader = new CommandReader(partitions);
        return build(partitions, () -> new IssuanceProcessor(reader, facts, accepted, pacer, tracing, observer));
    }

    /** The topology over a new log with a pacer of its own, for documents and tests. */
    public static Topology build(int partitions, Observer observer) {
        return build(partitions, PartitionFacts.ofNewLog(), AcceptedLoss.NONE,
                new CommitPacer(Duration.ofMillis(10)), Tracing.OFF, observer);
    }

    static Topology build(int partitions, ProcessorSupplier<byte[], byte[], byte[], byte[]> decider) {
        // By the count of the settings: a coupon must not move when partitions are added to a topic.
        StreamPartitioner<byte[], byte[]> ofCoupon = (_, key, _, _) -> Optional.of(
                Set.of(Utils.toPositive(Utils.murmur2(key)) % partitions));
        return new Topology()
                .addSource(COMMANDS_SOURCE, new ByteArrayDeserializer(), new ByteArrayDeserializer(),
                        Topics.COMMANDS.name())
                .addProcessor(DECIDE, decider, COMMANDS_SOURCE)
                .addStateStore(cached(COUPONS, StoreFormats.CONFIG), DECIDE)
                .addStateStore(cached(ISSUED_COUNTS, StoreFormats.COUNTER), DECIDE)
                .addStateStore(logged(ISSUED_USERS, StoreFormats.HOLDINGS), DECIDE)
                .addStateStore(cached(LOG_POSITION, StoreFormats.POSITION), DECIDE)
                .addSink(OUTCOMES_SINK, Topics.OUTCOMES.name(), BYTES, BYTES, ofCoupon, DECIDE)
                .addSink(STATES_SINK, Topics.STATES.name(), BYTES, BYTES, ofCoupon, DECIDE)
                .addSink(DEAD_LETTERS_SINK, Topics.COMMANDS_DLQ.name(), BYTES, BYTES, DECIDE);
    }

    /**
     * This instance's stores of one partition.
     *
     * @throws org.apache.kafka.streams.errors.InvalidStateStoreException when this instance does not own the partition
     *     now
     */
    public static CouponStoreView view(KafkaStreams streams, int partition) {
        return new CouponStoreView(store(streams, COUPONS, partition),
                store(streams, ISSUED_COUNTS, partition), store(streams, ISSUED_USERS, partition));
    }

    private static <V> ReadOnlyKeyValueStore<String, V> store(KafkaStreams streams, String name, int partition) {
        return streams.store(StoreQueryParameters.fromNameAndType(name, QueryableStoreTypes.<String, V>keyValueStore())
                .withPartition(partition));
    }

    /** For a few keys that are overwritten often: the cache writes each to the changelog once per commit. */
    private static <V> StoreBuilder<KeyValueStore<String, V>> cached(String name, Serde<V> values) {
        return logged(name, values).withCachingEnabled();
    }

    private static <V> StoreBuilder<KeyValueStore<String, V>> logged(String name, Serde<V> values) {
        return Stores.keyValueStoreBuilder(Stores.persistentKeyValueStore(name), Serdes.String(), values)
                .withLoggingEnabled(Map.of());
    }
}

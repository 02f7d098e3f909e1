package io.firstcome.processor.topology;

import java.util.Map;
import java.util.function.Consumer;

import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StoreQueryParameters;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.QueryableStoreTypes;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

import io.firstcome.contract.CouponOutcome;
import io.firstcome.contract.Topics;

/**
 * The authority's data flow, all of it:
 *
 * <pre>
 * coupon-commands → decide → coupon-outcomes
 *                     ║    → coupon-states
 *                     ║    → coupon-commands-dlq
 *   coupons, issued-counts, issued-users
 * </pre>
 *
 * <p>Every node and store is named, for the names make up the names of the changelog topics: under another name a store
 * comes up <em>empty</em>, and an empty store issues the whole stock once more. A test compares this topology with a
 * golden text; what it shows as changed is a migration.
 */
public final class CouponTopology {

    /** Store: what operators decided, by coupon. */
    public static final String COUPONS = "coupons";
    /** Store: how many have been issued and how far the coupon's clock is, by coupon. */
    public static final String ISSUED_COUNTS = "issued-counts";
    /** Store: who holds which number, by coupon and user. Rejections are not stored: strangers could grow them. */
    public static final String ISSUED_USERS = "issued-users";

    static final String COMMANDS_SOURCE = "ingest-coupon-commands";
    static final String DECIDE = "decide-coupon-commands";
    static final String OUTCOMES_SINK = "egress-coupon-outcomes";
    static final String STATES_SINK = "egress-coupon-states";
    static final String DEAD_LETTERS_SINK = "egress-coupon-commands-dlq";

    private static final ByteArraySerializer BYTES = new ByteArraySerializer();

    private CouponTopology() {}

    /**
     * The topology.
     *
     * @param partitions how many partitions {@code coupon-commands} has; a command on another than its key's is refused
     * @param observer is told of every outcome at its decision, before it is committed, on the deciding thread
     */
    public static Topology build(int partitions, Consumer<CouponOutcome> observer) {
        var reader = new CommandReader(partitions);
        return build(() -> new IssuanceProcessor(reader, observer));
    }

    static Topology build(ProcessorSupplier<byte[], byte[], byte[], byte[]> decider) {
        return new Topology()
                .addSource(COMMANDS_SOURCE, new ByteArrayDeserializer(), new ByteArrayDeserializer(),
                        Topics.COMMANDS.name())
                .addProcessor(DECIDE, decider, COMMANDS_SOURCE)
                .addStateStore(cached(COUPONS, StoreFormats.TERMS), DECIDE)
                .addStateStore(cached(ISSUED_COUNTS, StoreFormats.TALLY), DECIDE)
                .addStateStore(logged(ISSUED_USERS, StoreFormats.HOLDING), DECIDE)
                .addSink(OUTCOMES_SINK, Topics.OUTCOMES.name(), BYTES, BYTES, DECIDE)
                .addSink(STATES_SINK, Topics.STATES.name(), BYTES, BYTES, DECIDE)
                .addSink(DEAD_LETTERS_SINK, Topics.COMMANDS_DLQ.name(), BYTES, BYTES, DECIDE);
    }

    /**
     * What this instance's stores say of the coupons of one partition.
     *
     * @throws org.apache.kafka.streams.errors.InvalidStateStoreException when the partition is not this instance's now
     */
    public static CouponStoreView view(KafkaStreams streams, int partition) {
        return new CouponStoreView(store(streams, COUPONS, partition),
                store(streams, ISSUED_COUNTS, partition), store(streams, ISSUED_USERS, partition));
    }

    private static <V> ReadOnlyKeyValueStore<String, V> store(KafkaStreams streams, String name, int partition) {
        return streams.store(StoreQueryParameters.fromNameAndType(name, QueryableStoreTypes.<String, V>keyValueStore())
                .withPartition(partition));
    }

    /** A few keys written over and over: the cache writes each to the changelog once a commit. */
    private static <V> StoreBuilder<KeyValueStore<String, V>> cached(String name, Serde<V> values) {
        return logged(name, values).withCachingEnabled();
    }

    private static <V> StoreBuilder<KeyValueStore<String, V>> logged(String name, Serde<V> values) {
        return Stores.keyValueStoreBuilder(Stores.persistentKeyValueStore(name), Serdes.String(), values)
                .withLoggingEnabled(Map.of());
    }
}

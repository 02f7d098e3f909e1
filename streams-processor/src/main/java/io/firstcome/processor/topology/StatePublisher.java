package io.firstcome.processor.topology;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

import org.apache.kafka.streams.processor.Cancellable;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

import io.firstcome.contract.CouponState;
import io.firstcome.contract.CouponStatus;
import io.firstcome.contract.id.CouponId;
import io.firstcome.contract.topic.Topic;
import io.firstcome.contract.topic.Topics;
import io.firstcome.kit.service.WriterVersion;

/**
 * Publishes coupon states. An operator's change, a revocation and a sell-out are published at once, issues
 * at most every {@link #INTERVAL}. No user waits for a count, because outcomes carry the sequence.
 *
 * <p>A record has the time of its coupon's clock: a coupon that is adopted from its published state, after its stores
 * were lost, continues with this clock. The clock of this process decides nothing, and may be hours ahead.
 *
 * <p>Pending counts are lost with the task, so {@link #resume} reads them from the stores.
 */
final class StatePublisher {

    static final Duration INTERVAL = Duration.ofMillis(100);

    private final ProcessorContext<byte[], byte[]> context;
    private final CouponStores stores;
    private final Map<CouponId, CouponState> pending = new LinkedHashMap<>();
    private Optional<Cancellable> timer = Optional.empty();

    StatePublisher(ProcessorContext<byte[], byte[]> context, CouponStores stores) {
        this.context = context;
        this.stores = stores;
    }

    /** Schedules the counts that may not have been published before the task restarted or moved to this instance. */
    void resume() {
        stores.forEachState(state -> {
            // Only issues are published later, an active coupon alone is issued, and a sell-out is published at once.
            if (state.status() == CouponStatus.ACTIVE && state.issued() > 0 && !state.isSoldOut()) {
                publishLater(state);
            }
        });
    }

    /** Publishes a state that differs from the one before. */
    void changed(Optional<CouponState> before, CouponState after) {
        if (before.isEmpty() || before.get().version() != after.version()
                || before.get().revoked() != after.revoked() || after.isSoldOut()) {
            pending.remove(after.couponId());
            publish(after);
        } else {
            publishLater(after);
        }
    }

    private void publishLater(CouponState state) {
        pending.put(state.couponId(), state);
        if (timer.isEmpty()) {
            // The timer runs only while states are pending, because Kafka Streams commits a transaction at every tick.
            timer = Optional.of(context.schedule(INTERVAL, PunctuationType.WALL_CLOCK_TIME, _ -> publishPending()));
        }
    }

    private void publishPending() {
        pending.values().forEach(this::publish);
        close();
    }

    /**
     * Forgets what is pending. Kafka Streams keeps the timers of a task that it revives after an aborted transaction,
     * and such a timer would publish states that were never committed.
     */
    void close() {
        pending.clear();
        timer.ifPresent(Cancellable::cancel);
        timer = Optional.empty();
    }

    private void publish(CouponState state) {
        long time = stores.clock(state.couponId()).toEpochMilli();
        var record = new Record<>(Topic.key(state.couponId()), Topics.STATES.encode(state), time);
        WriterVersion.addTo(record.headers());
        context.forward(record, CouponTopology.STATES_SINK);
    }
}

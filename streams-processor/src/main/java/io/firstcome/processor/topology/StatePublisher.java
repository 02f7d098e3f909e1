package io.firstcome.processor.topology;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

import org.apache.kafka.streams.processor.Cancellable;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

import io.firstcome.contract.CouponId;
import io.firstcome.contract.CouponState;
import io.firstcome.contract.CouponStatus;
import io.firstcome.contract.Topic;
import io.firstcome.contract.Topics;

/**
 * Says where coupons stand: what an operator changed and that a coupon is sold out at once, the counts in between only
 * every so often. Nobody is kept waiting by that, for outcomes carry the sequence anyway.
 *
 * <p>The counts not said yet are lost with the task, so {@link #resume} asks the stores for them.
 */
final class StatePublisher {

    static final Duration INTERVAL = Duration.ofMillis(100);

    private final ProcessorContext<byte[], byte[]> context;
    private final Map<CouponId, CouponState> unsaid = new LinkedHashMap<>();
    private Optional<Cancellable> timer = Optional.empty();

    StatePublisher(ProcessorContext<byte[], byte[]> context) {
        this.context = context;
    }

    /** Announces after a restart or a move of the task what may not have been said before it. */
    void resume(CouponStores ledger) {
        ledger.forEachState(state -> {
            if (mayBeUnsaid(state)) {
                sayLater(state);
            }
        });
    }

    /** Takes note that a coupon stands somewhere else now. */
    void moved(Optional<CouponState> before, CouponState after) {
        if (before.isEmpty() || before.get().version() != after.version() || after.isSoldOut()) {
            unsaid.remove(after.couponId());
            say(after, context.currentSystemTimeMs());
        } else {
            sayLater(after);
        }
    }

    /** Only an active coupon's count moves, and the last one is said at once. */
    private static boolean mayBeUnsaid(CouponState state) {
        return state.status() == CouponStatus.ACTIVE && state.issued() > 0 && !state.isSoldOut();
    }

    private void sayLater(CouponState state) {
        unsaid.put(state.couponId(), state);
        if (timer.isEmpty()) {
            // A timer only while there is something to say: each of its ticks makes Kafka Streams commit a transaction.
            timer = Optional.of(context.schedule(INTERVAL, PunctuationType.WALL_CLOCK_TIME, this::sayAll));
        }
    }

    private void sayAll(long now) {
        unsaid.values().forEach(state -> say(state, now));
        unsaid.clear();
        timer.ifPresent(Cancellable::cancel);
        timer = Optional.empty();
    }

    private void say(CouponState state, long now) {
        context.forward(new Record<>(Topic.key(state.couponId()), Topics.STATES.encode(state), now),
                CouponTopology.STATES_SINK);
    }
}

package io.firstcome.processor.topology;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.SequencedMap;

import org.apache.kafka.streams.processor.Cancellable;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.ProcessorContext;

import io.firstcome.contract.CouponState;
import io.firstcome.contract.CouponStatus;
import io.firstcome.contract.id.CouponId;
import io.firstcome.contract.id.UserId;

/**
 * Deletes the holders of archived coupons from the store and its changelog. A coupon may have millions of them, so the
 * thread that decides deletes a few at a time. No decision depends on how far this is: the status alone decides every
 * command on an archived coupon.
 */
final class ArchivePurge {

    static final Duration INTERVAL = Duration.ofMillis(100);

    /** About as many writes as the decisions of a tenth of a second cause at most. */
    static final int MAX_PER_STEP = 1_000;

    private final ProcessorContext<byte[], byte[]> context;
    private final CouponStores stores;
    /** By coupon the user who was deleted last: a range from the first key would pass all the deleted ones again. */
    private final SequencedMap<CouponId, Optional<UserId>> pending = new LinkedHashMap<>();
    private Optional<Cancellable> timer = Optional.empty();

    ArchivePurge(ProcessorContext<byte[], byte[]> context, CouponStores stores) {
        this.context = context;
        this.stores = stores;
    }

    /** Continues what was not complete when the task stopped or moved to this instance. */
    void resume() {
        stores.forEachState(state -> {
            if (state.status() == CouponStatus.ARCHIVED && stores.hasHolders(state.couponId())) {
                start(state.couponId());
            }
        });
    }

    /** Starts to delete the holders when the coupon has been archived. */
    void changed(CouponState after) {
        if (after.status() == CouponStatus.ARCHIVED) {
            start(after.couponId());
        }
    }

    private void start(CouponId couponId) {
        pending.putIfAbsent(couponId, Optional.empty());
        if (timer.isEmpty()) {
            // The timer runs only while holders are deleted, because Kafka Streams commits a transaction at every tick.
            timer = Optional.of(context.schedule(INTERVAL, PunctuationType.WALL_CLOCK_TIME, _ -> purge()));
        }
    }

    private void purge() {
        var first = pending.firstEntry();
        Optional<UserId> last = stores.forgetHolders(first.getKey(), first.getValue(), MAX_PER_STEP);
        if (last.isPresent()) {
            pending.put(first.getKey(), last);
        } else {
            pending.remove(first.getKey());
        }
        if (pending.isEmpty()) {
            close();
        }
    }

    /** Forgets what is pending. Kafka Streams keeps the timers of a task that it revives. */
    void close() {
        pending.clear();
        timer.ifPresent(Cancellable::cancel);
        timer = Optional.empty();
    }
}

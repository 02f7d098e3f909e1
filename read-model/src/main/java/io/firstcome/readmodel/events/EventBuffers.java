package io.firstcome.readmodel.events;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToIntFunction;

import io.firstcome.contract.CouponOutcome;
import io.firstcome.contract.id.CouponId;
import io.firstcome.readmodel.tail.ConsumedRecord;
import io.firstcome.readmodel.tail.RecordListener;

/**
 * The latest events of every coupon. An event's id is the offset of its outcome, which is the same for every ingress
 * and after a restart. So a subscriber can continue at any ingress.
 */
public final class EventBuffers implements RecordListener<CouponOutcome> {

    private final Map<Integer, ReadPosition> partitions = new ConcurrentHashMap<>();
    private final Map<CouponId, EventBuffer> buffers = new ConcurrentHashMap<>();
    /** The buffers with events, the longest without a new event first. Only the reading thread uses it. */
    private final LinkedHashMap<CouponId, EventBuffer> byLatestEvent = new LinkedHashMap<>();
    private final EventSettings settings;
    private final ToIntFunction<CouponId> partitionOf;
    private int events;

    /** @param partitionOf the partition of a coupon's outcomes */
    public EventBuffers(EventSettings settings, ToIntFunction<CouponId> partitionOf) {
        this.settings = settings;
        this.partitionOf = partitionOf;
    }

    @Override
    public void startsAt(int partition, long offset) {
        partitions.put(partition, new ReadPosition(offset - 1));
    }

    @Override
    public void read(ConsumedRecord<CouponOutcome> record) {
        CouponId couponId = record.value().couponId();
        EventBuffer buffer = get(couponId);
        Optional<CouponEvent> event = CouponEvent.of(record.value(), record.offset());
        if (event.isPresent()) {
            byLatestEvent.putLast(couponId, buffer);
            events += buffer.add(event.get());
            while (events > settings.total()) {
                events -= byLatestEvent.pollFirstEntry().getValue().clear();
            }
        } else {
            buffer.outcomeAt(record.offset());
        }
        partitions.get(record.partition()).readTo(record.offset());
    }

    /** The events of one coupon. Call this only after the outcomes have been read up to now. */
    public EventBuffer get(CouponId couponId) {
        return buffers.computeIfAbsent(couponId,
                id -> new EventBuffer(partitions.get(partitionOf.applyAsInt(id)), settings.retained()));
    }
}

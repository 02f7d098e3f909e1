package io.firstcome.readmodel.events;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToIntFunction;

import io.firstcome.contract.CouponId;
import io.firstcome.contract.CouponOutcome;
import io.firstcome.readmodel.tail.ConsumedRecord;
import io.firstcome.readmodel.tail.RecordListener;

/**
 * The latest events of every coupon. What happened stands at the same offset for every ingress, before and after a
 * restart: so an offset says how far somebody has read, wherever they read on.
 */
public final class EventBuffers implements RecordListener<CouponOutcome> {

    private final Map<Integer, ReadPosition> partitions = new ConcurrentHashMap<>();
    private final Map<CouponId, EventBuffer> feeds = new ConcurrentHashMap<>();
    /** Those with events, the longest without news first. Like the count, it belongs to the thread that reads. */
    private final LinkedHashMap<CouponId, EventBuffer> byNews = new LinkedHashMap<>();
    private final EventSettings settings;
    private final ToIntFunction<CouponId> partitionOf;
    private int events;

    /** @param partitionOf on which partition a coupon's outcomes stand */
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
        EventBuffer feed = of(couponId);
        Optional<CouponEvent> event = CouponEvent.of(record.value(), record.offset());
        if (event.isPresent()) {
            byNews.putLast(couponId, feed);
            events += feed.add(event.get());
            makeRoom();
        } else {
            feed.moved(record.offset());
        }
        partitions.get(record.partition()).readTo(record.offset());
    }

    private void makeRoom() {
        while (events > settings.most()) {
            events -= byNews.pollFirstEntry().getValue().forget();
        }
    }

    /** The events of one coupon. Not before the outcomes have begun to be read. */
    public EventBuffer of(CouponId couponId) {
        return feeds.computeIfAbsent(couponId,
                id -> new EventBuffer(partitions.get(partitionOf.applyAsInt(id)), settings.kept()));
    }
}

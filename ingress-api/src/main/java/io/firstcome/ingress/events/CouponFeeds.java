package io.firstcome.ingress.events;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToIntFunction;

import io.firstcome.contract.CouponId;
import io.firstcome.contract.CouponOutcome;
import io.firstcome.ingress.kafka.Read;
import io.firstcome.ingress.kafka.TopicReader;

/**
 * The latest events of every coupon. What happened stands at the same offset for every ingress, before and after a
 * restart: so an offset says how far somebody has read, wherever they read on.
 */
public final class CouponFeeds implements TopicReader<CouponOutcome> {

    private final Map<Integer, Progress> partitions = new ConcurrentHashMap<>();
    private final Map<CouponId, Feed> feeds = new ConcurrentHashMap<>();
    /** Those with events, the longest without news first. Like the count, it belongs to the thread that reads. */
    private final LinkedHashMap<CouponId, Feed> byNews = new LinkedHashMap<>();
    private final EventSettings settings;
    private final ToIntFunction<CouponId> partitionOf;
    private int events;

    /** @param partitionOf on which partition a coupon's outcomes stand */
    public CouponFeeds(EventSettings settings, ToIntFunction<CouponId> partitionOf) {
        this.settings = settings;
        this.partitionOf = partitionOf;
    }

    @Override
    public void startsAt(int partition, long offset) {
        partitions.put(partition, new Progress(offset - 1));
    }

    @Override
    public void read(Read<CouponOutcome> record) {
        CouponId couponId = record.value().couponId();
        Feed feed = of(couponId);
        Optional<Event> event = Event.of(record.value(), record.offset());
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
    Feed of(CouponId couponId) {
        return feeds.computeIfAbsent(couponId,
                id -> new Feed(partitions.get(partitionOf.applyAsInt(id)), settings.kept()));
    }
}

package io.firstcome.ingress.events;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.function.Supplier;

import io.firstcome.readmodel.coupons.CouponResponse;
import io.firstcome.readmodel.events.CouponEvent;
import io.firstcome.readmodel.events.EventBuffer;
import io.firstcome.readmodel.events.EventBuffer.Page;

/**
 * What one follower is sent. Each event's id is a position: whoever has read it, and all before it, has seen everything
 * up to that offset. Whoever is so slow that the feed has dropped what they have not read is cut off, and may resume.
 */
final class Subscription {

    /** Between two rounds; of several states in between only the newest is sent. */
    private static final Duration PACE = Duration.ofMillis(100);
    /** Shorter than what proxies and the server itself call idle, and it finds out whom nobody reads any more. */
    private static final Duration HEARTBEAT = Duration.ofSeconds(15);
    /** Between two signs of life while this ingress is behind. */
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(2);
    private static final byte[] COMMENT = ":\n\n".getBytes(StandardCharsets.UTF_8);

    private final EventBuffer feed;
    private final Supplier<CouponResponse> state;
    private final EventFilter audience;
    private final OutputStream out;
    private final Supplier<Duration> left;
    private long position;
    private CouponResponse shown;

    /**
     * @param lastEventId what the follower has read before; empty to begin with what comes next
     * @param left for how long the follower may still follow
     */
    Subscription(EventBuffer feed, Supplier<CouponResponse> state, EventFilter audience, OutputStream out,
            OptionalLong lastEventId,
            Supplier<Duration> left) {
        this.feed = feed;
        this.state = state;
        this.audience = audience;
        this.out = out;
        this.left = left;
        this.position = lastEventId.orElseGet(feed::until);
    }

    /**
     * Sends events until the follower turns out to be too slow, or may not follow any longer.
     *
     * @param behind how far this ingress may be behind the one that told the id; what is ahead by more was never told from
     *     this log, so there is nothing to resume behind
     * @return whether the follower was too slow
     * @throws IOException when the follower is gone
     */
    boolean send(Duration behind) throws IOException, InterruptedException {
        catchUp(System.nanoTime() + behind.toNanos());
        bridgeGap();
        for (Duration rest = left.get(); rest.isPositive(); rest = left.get()) {
            if (!round()) {
                return true;
            }
            Thread.sleep(PACE);
            if (!feed.awaitLater(position, rest.compareTo(HEARTBEAT) < 0 ? rest : HEARTBEAT)) {
                out.write(COMMENT);
            }
        }
        return false;
    }

    /** The answer has begun before: a browser whose stream is refused does not try again. */
    private void catchUp(long deadline) throws IOException, InterruptedException {
        for (long left = deadline - System.nanoTime(); left > 0; left = deadline - System.nanoTime()) {
            if (feed.awaitRead(position, Duration.ofNanos(Math.min(left, LOOK_AGAIN.toNanos())))) {
                return;
            }
            show(state.get());
            out.write(COMMENT);
            out.flush();
        }
    }

    private void bridgeGap() throws IOException {
        Page page = feed.after(position);
        long from = Math.clamp(position, page.since(), page.until());
        if (from != position) {
            out.write(CouponEvent.gap(position, from).bytes());
            position = from;
        }
    }

    private boolean round() throws IOException {
        Page page = feed.after(position);
        if (position < page.since()) {
            return false;
        }
        show(state.get());
        for (CouponEvent event : page.events()) {
            if (audience.sees(event)) {
                out.write(event.bytes());
            }
        }
        position = page.until();
        out.flush();
        return true;
    }

    private void show(CouponResponse now) throws IOException {
        if (!now.equals(shown)) {
            out.write(CouponEvent.state(now, position).bytes());
            shown = now;
        }
    }
}

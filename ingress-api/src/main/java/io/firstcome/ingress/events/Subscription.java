package io.firstcome.ingress.events;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.function.Supplier;

import io.firstcome.readmodel.coupons.CouponResponse;
import io.firstcome.readmodel.events.CouponEvent;
import io.firstcome.readmodel.events.EventBuffer.Feed;
import io.firstcome.readmodel.events.EventBuffer.Page;

/**
 * Sends the events of one coupon to one subscriber. The id of an event is a position: a subscriber that has received it
 * has received everything up to that offset. A subscriber that is so slow that the buffer has dropped unsent events is
 * disconnected and may resume.
 */
final class Subscription {

    /** Between two writes; of several states in between only the newest is sent. */
    private static final Duration WRITE_INTERVAL = Duration.ofMillis(100);
    /** Shorter than the idle timeouts of proxies and of the server; also detects closed connections. */
    private static final Duration HEARTBEAT = Duration.ofSeconds(15);
    /** Between two comments while this ingress has not read up to the subscriber's position. */
    private static final Duration CATCH_UP_INTERVAL = Duration.ofSeconds(2);
    private static final byte[] COMMENT = ":\n\n".getBytes(StandardCharsets.UTF_8);

    private final Feed feed;
    private final Supplier<CouponResponse> state;
    private final OutputStream out;
    private final Supplier<Duration> validFor;
    private long position;
    private CouponResponse lastSent;

    /**
     * @param lastEventId the position to resume after; empty to begin with the next event
     * @param validFor the remaining validity of the subscriber's authentication
     */
    Subscription(Feed feed, Supplier<CouponResponse> state, OutputStream out, OptionalLong lastEventId,
            Supplier<Duration> validFor) {
        this.feed = feed;
        this.state = state;
        this.out = out;
        this.validFor = validFor;
        this.position = lastEventId.orElseGet(feed.buffer()::until);
    }

    /**
     * Sends events until the subscriber is too slow or its authentication expires.
     *
     * @param catchUpTimeout how long to wait until this ingress has read up to the position; after that the position is
     *     from another log, and there is nothing to resume
     * @return whether the subscriber was too slow
     * @throws IOException when the subscriber has disconnected
     */
    boolean send(Duration catchUpTimeout) throws IOException, InterruptedException {
        catchUp(System.nanoTime() + catchUpTimeout.toNanos());
        sendGap();
        for (Duration left = validFor.get(); left.isPositive(); left = validFor.get()) {
            if (!sendNewEvents()) {
                return true;
            }
            Thread.sleep(WRITE_INTERVAL);
            if (!feed.awaitLater(position, left.compareTo(HEARTBEAT) < 0 ? left : HEARTBEAT)) {
                out.write(COMMENT);
            }
        }
        return false;
    }

    /** The response has begun already: a browser does not retry a stream that is answered with an error. */
    private void catchUp(long deadline) throws IOException, InterruptedException {
        for (long left = deadline - System.nanoTime(); left > 0; left = deadline - System.nanoTime()) {
            if (feed.buffer().awaitRead(position, Duration.ofNanos(Math.min(left, CATCH_UP_INTERVAL.toNanos())))) {
                return;
            }
            sendState(state.get());
            out.write(COMMENT);
            out.flush();
        }
    }

    private void sendGap() throws IOException {
        Page page = feed.after(position);
        long from = Math.clamp(position, page.since(), page.until());
        if (from != position) {
            out.write(CouponEvent.gap(position, from).bytes());
            position = from;
        }
    }

    private boolean sendNewEvents() throws IOException {
        Page page = feed.after(position);
        if (position < page.since()) {
            return false;
        }
        sendState(state.get());
        for (CouponEvent event : page.events()) {
            out.write(event.bytes());
        }
        position = page.until();
        out.flush();
        return true;
    }

    private void sendState(CouponResponse now) throws IOException {
        if (!now.equals(lastSent)) {
            out.write(CouponEvent.state(now, position).bytes());
            lastSent = now;
        }
    }
}

package io.firstcome.kit.server.pipelining;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * The response to a pipelined request that has one of the places. The begin of the answer gives the place back, because
 * an event stream goes on for as long as its caller reads.
 */
final class Place extends Response.Wrapper {

    private final Semaphore places;
    private final AtomicBoolean taken;

    private Place(Request request, Response response, Semaphore places, boolean taken) {
        super(request, response);
        this.places = places;
        this.taken = new AtomicBoolean(taken);
    }

    /**
     * Waits for a place. A request that has waited for the longest time goes on without one: the requests that have the
     * places may all be waiting for the rest of their content.
     */
    static Place await(Semaphore places, Duration longestWait, Request request, Response response)
            throws InterruptedException {
        return new Place(request, response, places, places.tryAcquire(longestWait.toMillis(), TimeUnit.MILLISECONDS));
    }

    @Override
    public void write(boolean last, ByteBuffer content, Callback callback) {
        giveBack();
        super.write(last, content, callback);
    }

    /** Does nothing when the place was given back before. */
    void giveBack() {
        if (taken.getAndSet(false)) {
            places.release();
        }
    }
}

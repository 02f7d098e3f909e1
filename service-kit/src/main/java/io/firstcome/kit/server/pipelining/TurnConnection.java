package io.firstcome.kit.server.pipelining;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.internal.HttpConnection;

/** A connection that knows the thread of its last request, and whether the next one came before the answer. */
final class TurnConnection extends HttpConnection {

    private final Executor virtualThreads;
    /** Each request is handled after the last one, so no two threads use this field at the same time. */
    private Thread last;
    private boolean nextIsHere;

    TurnConnection(HttpConfiguration configuration, Connector connector, EndPoint endPoint, Executor virtualThreads) {
        super(configuration, connector, endPoint);
        this.virtualThreads = virtualThreads;
    }

    /**
     * Whether the calling thread, a virtual one, has handled the last request too. Jetty handles requests in a row on
     * one thread for as long as the connection has any; each request that arrives alone has a thread of its own.
     */
    boolean isInARow() {
        Thread current = Thread.currentThread();
        boolean same = current == last;
        last = current;
        return same && current.isVirtual();
    }

    /** Notes whether the next request has begun to arrive before the last one was completed. */
    void nextIsHere(boolean here) {
        nextIsHere = here;
    }

    /**
     * Whether this request has begun to arrive before the last one was completed. False on the thread that reads the
     * connections: what is answered there needs no place, and that thread must not give its work to others.
     */
    boolean isPipelined() {
        return nextIsHere && Thread.currentThread().isVirtual();
    }

    /**
     * Handles the next request after a request that another thread than its first has completed. Jetty calls this
     * method on the threads that accept connections and end idle ones, of which there are few; a request may block.
     */
    @Override
    public void run() {
        try {
            virtualThreads.execute(super::run);
        } catch (RejectedExecutionException _) {
            // The server has stopped.
            close();
        }
    }
}

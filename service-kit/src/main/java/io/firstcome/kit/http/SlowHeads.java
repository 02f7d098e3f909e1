package io.firstcome.kit.http;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import org.eclipse.jetty.http.HttpParser;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.internal.HttpConnection;
import org.eclipse.jetty.util.NanoTime;
import org.eclipse.jetty.util.component.AbstractLifeCycle;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * Closes connections whose first line and headers take too long from the first byte to the last. A limit to their silence
 * alone could be kept by one byte now and then, and few senders would hold all connections.
 */
final class SlowHeads extends AbstractLifeCycle {

    private static final long BETWEEN_LOOKS_MILLIS = 500;

    private final ServerConnector connector;
    private final Duration patience;
    private volatile Scheduler.Task next;

    SlowHeads(ServerConnector connector, Duration patience) {
        this.connector = connector;
        this.patience = patience;
    }

    @Override
    protected void doStart() {
        lookLater();
    }

    @Override
    protected void doStop() {
        next.cancel();
    }

    private void lookLater() {
        next = connector.getScheduler().schedule(this::look, BETWEEN_LOOKS_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void look() {
        connector.getConnectedEndPoints().stream().filter(this::isSlow)
                .forEach(slow -> slow.close(new TimeoutException("headers took longer than " + patience)));
        lookLater();
    }

    private boolean isSlow(EndPoint client) {
        return client.getConnection() instanceof HttpConnection connection && isSlow(connection.getParser());
    }

    /** The state is read before the time, which the parser's thread writes first; zero is a request that ended meanwhile. */
    private boolean isSlow(HttpParser parser) {
        boolean begun = parser.inHeaderState() && !parser.isStart();
        long begin = parser.getBeginNanoTime();
        return begun && begin != 0 && NanoTime.since(begin) > patience.toNanos();
    }
}

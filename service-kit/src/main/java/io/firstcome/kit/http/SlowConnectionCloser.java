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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends connections that Jetty's limits to silence do not end. First line and headers that take too long from the first byte
 * to the last: one byte now and then would keep such a limit, and few senders would hold all connections. And idle ones
 * when the port closes: Jetty shortens their limit then, but a request that ends at that moment puts the old one back, and
 * the stop would wait for it.
 */
final class SlowConnectionCloser extends AbstractLifeCycle {

    private static final Logger LOG = LoggerFactory.getLogger(SlowConnectionCloser.class);
    private static final long BETWEEN_LOOKS_MILLIS = 500;

    private final ServerConnector connector;
    private final Duration patience;
    private Scheduler.Task next;

    SlowConnectionCloser(ServerConnector connector, Duration patience) {
        this.connector = connector;
        this.patience = patience;
    }

    /** How long the headers of a request may take, and again its body. */
    Duration timeout() {
        return patience;
    }

    @Override
    protected void doStart() {
        lookLater();
    }

    @Override
    protected synchronized void doStop() {
        next.cancel();
    }

    private synchronized void lookLater() {
        if (!isStopping() && !isStopped()) {
            next = connector.getScheduler().schedule(this::look, BETWEEN_LOOKS_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private void look() {
        try {
            endWhatTakesTooLong();
        } catch (RuntimeException e) {
            LOG.warn("the connections are looked at again in {} ms", BETWEEN_LOOKS_MILLIS, e);
        } finally {
            lookLater();
        }
    }

    private void endWhatTakesTooLong() {
        connector.getConnectedEndPoints().stream().filter(this::isSlow)
                .forEach(slow -> slow.close(new TimeoutException("headers took longer than " + patience)));
        if (connector.isShutdown()) {
            connector.getConnectedEndPoints().forEach(it -> it.setIdleTimeout(connector.getShutdownIdleTimeout()));
        }
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

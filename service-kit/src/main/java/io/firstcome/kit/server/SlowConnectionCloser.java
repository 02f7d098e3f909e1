package io.firstcome.kit.server;

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
 * Closes connections that Jetty's idle timeout does not close: those whose request line and headers take too long from
 * the first byte to the last (single bytes reset the idle timeout, so few slow clients could hold all connections), and
 * idle ones while the port closes (Jetty then shortens their timeout, but a request that ends at that moment restores
 * the old one).
 */
final class SlowConnectionCloser extends AbstractLifeCycle {

    private static final Logger LOG = LoggerFactory.getLogger(SlowConnectionCloser.class);
    private static final long CHECK_INTERVAL_MS = 500;

    private final ServerConnector connector;
    private final Duration headTimeout;
    private Scheduler.Task next;

    SlowConnectionCloser(ServerConnector connector, Duration headTimeout) {
        this.connector = connector;
        this.headTimeout = headTimeout;
    }

    @Override
    protected void doStart() {
        scheduleNext();
    }

    @Override
    protected synchronized void doStop() {
        next.cancel();
    }

    private synchronized void scheduleNext() {
        if (!isStopping() && !isStopped()) {
            next = connector.getScheduler().schedule(this::check, CHECK_INTERVAL_MS, TimeUnit.MILLISECONDS);
        }
    }

    private void check() {
        try {
            closeSlowConnections();
        } catch (RuntimeException e) {
            LOG.warn("check for slow connections failed; next check in {} ms", CHECK_INTERVAL_MS, e);
        } finally {
            scheduleNext();
        }
    }

    private void closeSlowConnections() {
        connector.getConnectedEndPoints().stream().filter(this::isSlow)
                .forEach(slow -> slow.close(new TimeoutException("headers took longer than " + headTimeout)));
        if (connector.isShutdown()) {
            connector.getConnectedEndPoints().forEach(each -> each.setIdleTimeout(connector.getShutdownIdleTimeout()));
        }
    }

    private boolean isSlow(EndPoint client) {
        return client.getConnection() instanceof HttpConnection connection && isSlow(connection.getParser());
    }

    /**
     * Reads the state before the time, because the parser writes the time first; zero means that the request has ended.
     */
    private boolean isSlow(HttpParser parser) {
        boolean inHead = parser.inHeaderState() && !parser.isStart();
        long begin = parser.getBeginNanoTime();
        return inHead && begin != 0 && NanoTime.since(begin) > headTimeout.toNanos();
    }
}

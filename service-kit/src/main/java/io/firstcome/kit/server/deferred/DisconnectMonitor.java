package io.firstcome.kit.server.deferred;

import java.io.IOException;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;

import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.ConnectionMetaData;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.util.component.AbstractLifeCycle;
import org.eclipse.jetty.util.thread.Scheduler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.javalin.http.Context;

/**
 * Notices clients that disconnect while their request waits for an answer. Jetty reads nothing from a connection until
 * the answer is written, so Jetty notices the end of a connection only then. A client that ends only what it sends
 * counts as disconnected too, as for most proxies; such a client still receives the answer.
 */
public final class DisconnectMonitor extends AbstractLifeCycle {

    private static final Logger LOG = LoggerFactory.getLogger(DisconnectMonitor.class);
    private static final long CHECK_INTERVAL_MS = 500;

    private final Connector connector;
    /** Only looks: this class reads no bytes. No thread blocks on the selector. */
    private Selector selector;
    private Scheduler.Task next;

    /** A client that is watched. */
    public interface Watch {

        /** Ends the watch. */
        void end();
    }

    /** @param connector the connector of the port, whose scheduler runs the checks */
    public DisconnectMonitor(Connector connector) {
        this.connector = connector;
    }

    @Override
    protected void doStart() throws IOException {
        selector = Selector.open();
        scheduleNext();
    }

    @Override
    protected synchronized void doStop() throws IOException {
        next.cancel();
        selector.close();
    }

    private synchronized void scheduleNext() {
        if (!isStopping() && !isStopped()) {
            next = connector.getScheduler().schedule(this::check, CHECK_INTERVAL_MS, TimeUnit.MILLISECONDS);
        }
    }

    /**
     * Watches the client of a request. The watch must end before the answer does.
     *
     * @param onDisconnect is called at most once and must not block
     */
    public static Watch watch(Context context, Runnable onDisconnect) {
        ConnectionMetaData connection = ServletContextRequest.getServletContextRequest(context.req())
                .getConnectionMetaData();
        return connection.getConnector().getBean(DisconnectMonitor.class)
                .watch(connection.getConnection().getEndPoint(), onDisconnect);
    }

    private Watch watch(EndPoint client, Runnable onDisconnect) {
        if (!(client.getTransport() instanceof SocketChannel channel)) {
            return () -> {};
        }
        try {
            // One key serves all requests of a connection: a cancelled key could not be replaced before the next check.
            SelectionKey known = channel.keyFor(selector);
            SelectionKey key = known == null ? channel.register(selector, 0) : known;
            synchronized (key) {
                key.attach(onDisconnect);
                key.interestOps(SelectionKey.OP_READ);
            }
            return () -> endWatch(key);
        } catch (ClosedChannelException | CancelledKeyException | ClosedSelectorException e) {
            LOG.debug("the client has disconnected, or the port stops", e);
            onDisconnect.run();
            return () -> {};
        }
    }

    private static void endWatch(SelectionKey key) {
        synchronized (key) {
            try {
                key.attach(null);
                key.interestOps(0);
            } catch (CancelledKeyException e) {
                LOG.debug("the connection is closed", e);
            }
        }
    }

    private void check() {
        try {
            selector.selectNow(DisconnectMonitor::inspect);
        } catch (IOException | RuntimeException e) {
            LOG.warn("check for disconnected clients failed; next check in {} ms", CHECK_INTERVAL_MS, e);
        } finally {
            scheduleNext();
        }
    }

    /** A connection that can be read and has no bytes is at its end. Bytes are the next request of the client. */
    private static void inspect(SelectionKey key) {
        var onDisconnect = (Runnable) key.attachment();
        boolean ended;
        try {
            ended = ((SocketChannel) key.channel()).socket().getInputStream().available() == 0;
        } catch (IOException e) {
            LOG.debug("the connection is closed", e);
            ended = true;
        }
        synchronized (key) {
            if (key.attachment() != onDisconnect) {
                // This wait has ended meanwhile. A next one, of the same request or of another, has its own watch.
                return;
            }
            endWatch(key);
        }
        if (ended && onDisconnect != null) {
            onDisconnect.run();
        }
    }
}

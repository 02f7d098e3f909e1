package io.firstcome.standalone.stack;

import java.util.ArrayDeque;
import java.util.Deque;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What has been started, to be closed in the opposite order. A start and a Ctrl-C may meet: what finishes starting after
 * the close is closed at once, so that nothing is left behind.
 */
final class Running implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Running.class);

    private final Deque<AutoCloseable> started = new ArrayDeque<>();
    private boolean closed;

    /** @throws StartCancelled when the stack was closed while this was being started */
    synchronized <T extends AutoCloseable> T add(T closeable) {
        if (closed) {
            closeQuietly(closeable);
            throw new StartCancelled(null);
        }
        started.push(closeable);
        return closeable;
    }

    synchronized boolean isClosed() {
        return closed;
    }

    @Override
    public synchronized void close() {
        closed = true;
        while (!started.isEmpty()) {
            closeQuietly(started.pop());
        }
    }

    /** One that fails to close must not keep the others from closing. */
    private static void closeQuietly(AutoCloseable closeable) {
        try {
            closeable.close();
        } catch (Exception e) {
            LOG.error("{} did not close in good order", closeable, e);
        }
    }
}

package io.firstcome.standalone.stack;

import java.util.ArrayDeque;
import java.util.Deque;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes everything that was started, in reverse order. Ctrl-C may arrive during the start: what is added after
 * {@link #close} is closed at once, so that nothing keeps running.
 */
final class Closer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Closer.class);

    private final Deque<AutoCloseable> started = new ArrayDeque<>();
    private boolean closed;

    /** @throws StartCancelled when {@link #close} was called before */
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

    /** Logs a failure instead of throwing it, so that the others are closed too. */
    private static void closeQuietly(AutoCloseable closeable) {
        try {
            closeable.close();
        } catch (Exception e) {
            LOG.error("closing {} failed", closeable, e);
        }
    }
}

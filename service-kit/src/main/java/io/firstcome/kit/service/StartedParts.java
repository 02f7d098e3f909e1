package io.firstcome.kit.service;

import java.util.ArrayDeque;
import java.util.Deque;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The parts of a service in the order of their start. They are closed in the reverse order, and a part that fails to
 * close does not keep the others open.
 */
public final class StartedParts implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(StartedParts.class);

    private final Deque<AutoCloseable> parts = new ArrayDeque<>();

    /** Adds a part that has started, and returns it. */
    public <T extends AutoCloseable> T add(T part) {
        parts.push(part);
        return part;
    }

    /** Closes all parts. A second call does nothing. An interrupt ends the wait for one part, not for the next one. */
    @Override
    public void close() {
        boolean isInterrupted = false;
        while (!parts.isEmpty()) {
            close(parts.pop());
            isInterrupted |= Thread.interrupted();
        }
        if (isInterrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Closes one part. A failure is logged. */
    public static void close(AutoCloseable part) {
        try {
            part.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            LOG.warn("interrupted while closing {}", part.getClass().getSimpleName());
        } catch (Exception e) {
            LOG.error("failed to close {}", part.getClass().getSimpleName(), e);
        }
    }
}

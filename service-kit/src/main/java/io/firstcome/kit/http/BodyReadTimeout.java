package io.firstcome.kit.http;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.util.thread.Scheduler;

import jakarta.servlet.http.HttpServletRequest;

/**
 * The time that a body has to come. A reading that takes longer is interrupted: what comes of framing, such as trailers
 * byte by byte, keeps a connection from being idle, and a reading does not return for it.
 */
final class BodyReadTimeout {

    private final Thread reader = Thread.currentThread();
    private boolean isOver;
    private boolean isRead;

    /** What to read within the time. */
    @FunctionalInterface
    interface Reading {
        byte[] from(InputStream in) throws IOException;
    }

    private BodyReadTimeout() {}

    /** @throws ProblemException 408 when the time is over before all is read */
    static byte[] bound(HttpServletRequest request, Reading reading) throws IOException {
        var time = new BodyReadTimeout();
        Connector connector = ServletContextRequest.getServletContextRequest(request).getConnectionMetaData()
                .getConnector();
        Duration timeout = connector.getBean(SlowConnectionCloser.class).timeout();
        Scheduler.Task end = connector.getScheduler().schedule(time::end, timeout.toMillis(), TimeUnit.MILLISECONDS);
        try {
            return reading.from(request.getInputStream());
        } catch (IOException | RuntimeException e) {
            time.refuseIfOver();
            throw e;
        } finally {
            end.cancel();
            time.allIsRead();
        }
    }

    private synchronized void end() {
        if (!isRead) {
            isOver = true;
            reader.interrupt();
        }
    }

    private synchronized void refuseIfOver() {
        if (isOver) {
            throw new ProblemException(Problem.tooSlow());
        }
    }

    private synchronized void allIsRead() {
        isRead = true;
        if (isOver) {
            // It must not end what the thread does next.
            Thread.interrupted();
        }
    }
}

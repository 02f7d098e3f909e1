package io.firstcome.kit.http;

import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.TimeUnit;

import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.NanoTime;
import org.eclipse.jetty.util.thread.Scheduler;

import jakarta.servlet.http.HttpServletRequest;

/**
 * Interrupts the thread that reads a body when the body takes longer than {@link HttpLimits.ReadTimeout}. Jetty's idle
 * timeout is not enough: framing bytes, such as trailers sent one by one, reset it while the read does not return.
 */
final class BodyReadTimeout {

    private final Thread reader = Thread.currentThread();
    private boolean timedOut;
    private boolean finished;

    /** Reads a body. */
    @FunctionalInterface
    interface BodyReader {
        byte[] read(InputStream in) throws IOException;
    }

    private BodyReadTimeout() {}

    /** @throws ProblemException 408 when the timeout expires before the body is read */
    static byte[] read(HttpServletRequest request, BodyReader bodyReader) throws IOException {
        int length = request.getContentLength();
        if (length >= 0 && length <= HttpLimits.MAX_BODY_BYTES && request.getInputStream().available() >= length) {
            // The whole body is here already, so nothing can be slow.
            return bodyReader.read(request.getInputStream());
        }
        var timeout = new BodyReadTimeout();
        Request received = ServletContextRequest.getServletContextRequest(request);
        Connector connector = received.getConnectionMetaData().getConnector();
        // The time counts from the end of the headers: the content may have been awaited before.
        long millis = Math.max(1, connector.getBean(HttpLimits.ReadTimeout.class).value().toMillis()
                - NanoTime.millisSince(received.getHeadersNanoTime()));
        Scheduler.Task expiry = connector.getScheduler().schedule(timeout::expire, millis, TimeUnit.MILLISECONDS);
        try {
            return bodyReader.read(request.getInputStream());
        } catch (IOException | RuntimeException e) {
            timeout.throwIfTimedOut();
            throw e;
        } finally {
            expiry.cancel();
            timeout.finish();
        }
    }

    private synchronized void expire() {
        if (!finished) {
            timedOut = true;
            reader.interrupt();
        }
    }

    private synchronized void throwIfTimedOut() {
        if (timedOut) {
            throw new ProblemException(Problem.of(ProblemType.TOO_SLOW));
        }
    }

    private synchronized void finish() {
        finished = true;
        if (timedOut) {
            // The interrupt must not affect what the thread does next.
            Thread.interrupted();
        }
    }
}

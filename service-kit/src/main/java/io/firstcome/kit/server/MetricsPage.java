package io.firstcome.kit.server;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Semaphore;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.firstcome.kit.http.Problem;
import io.firstcome.kit.http.ProblemException;
import io.firstcome.kit.http.Requests;
import io.firstcome.kit.metrics.Metrics;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import jakarta.servlet.http.HttpServletResponse;

/** {@code /metrics}. The page is large and rendered for each reader, so the number of concurrent readers is limited. */
final class MetricsPage implements Handler {

    private static final Logger LOG = LoggerFactory.getLogger(MetricsPage.class);
    private static final int MAX_READERS = 4;

    private final Metrics metrics;
    private final Semaphore permits = new Semaphore(MAX_READERS);

    MetricsPage(Metrics metrics) {
        this.metrics = metrics;
    }

    @Override
    public void handle(Context context) {
        if (!permits.tryAcquire()) {
            throw new ProblemException(Problem.unavailable("Too many requests read the metrics. Try again."));
        }
        try {
            write(context.res());
        } catch (IOException e) {
            LOG.debug("request {}: the client closed the connection or does not read", Requests.id(context), e);
            Requests.abort(context);
        } finally {
            permits.release();
        }
    }

    /** Writes the page itself: Javalin would write it only after the permit is released. */
    private void write(HttpServletResponse response) throws IOException {
        byte[] page = metrics.scrape().getBytes(StandardCharsets.UTF_8);
        response.setContentType("text/plain; version=0.0.4; charset=utf-8");
        response.setContentLength(page.length);
        response.getOutputStream().write(page);
        response.flushBuffer();
    }
}

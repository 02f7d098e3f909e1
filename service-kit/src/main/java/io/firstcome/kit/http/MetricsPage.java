package io.firstcome.kit.http;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Semaphore;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.javalin.http.Context;
import io.javalin.http.Handler;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import jakarta.servlet.http.HttpServletResponse;

/** {@code /metrics}: a large page that is made anew for each reader, so that only few may be reading at a time. */
final class MetricsPage implements Handler {

    private static final Logger LOG = LoggerFactory.getLogger(MetricsPage.class);
    private static final int MOST_READERS = 4;

    private final PrometheusMeterRegistry registry;
    private final Semaphore places = new Semaphore(MOST_READERS);

    MetricsPage(PrometheusMeterRegistry registry) {
        this.registry = registry;
    }

    @Override
    public void handle(Context context) {
        if (!places.tryAcquire()) {
            throw new ProblemException(Problem.unavailable("As many read the metrics as may. Ask again."));
        }
        try {
            write(context.res());
        } catch (IOException e) {
            LOG.debug("request {}: the reader is gone, or takes nothing", Requests.id(context), e);
            Requests.breakOff(context);
        } finally {
            places.release();
        }
    }

    /** Written here: what Javalin is given to write is written after the place is free again. */
    private void write(HttpServletResponse response) throws IOException {
        byte[] page = registry.scrape().getBytes(StandardCharsets.UTF_8);
        response.setContentType("text/plain; version=0.0.4; charset=utf-8");
        response.setContentLength(page.length);
        response.getOutputStream().write(page);
        response.flushBuffer();
    }
}

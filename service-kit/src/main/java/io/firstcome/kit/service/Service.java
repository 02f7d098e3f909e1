package io.firstcome.kit.service;

import io.firstcome.kit.health.Health;

/**
 * A started service. {@link #close()} stops it in order: readiness fails first, work under way is finished, and nothing
 * that was acknowledged is lost. A second call of {@code close} does nothing.
 */
public interface Service extends AutoCloseable {

    /** The URL of its HTTP server, without a slash at the end. */
    String url();

    /** What its probes answer from. {@link ServiceMain} ends the process when the service is no longer live. */
    Health health();

    @Override
    void close();
}

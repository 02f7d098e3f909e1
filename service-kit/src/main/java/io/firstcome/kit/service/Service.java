package io.firstcome.kit.service;

/**
 * A started service. {@link #close()} stops it in good order: readiness fails first, what is under way is finished, and
 * nothing that was acknowledged is lost. Closing twice is harmless.
 */
public interface Service extends AutoCloseable {

    /** Where it answers HTTP, without a slash at the end. */
    String url();

    @Override
    void close();
}

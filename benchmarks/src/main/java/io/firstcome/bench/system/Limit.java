package io.firstcome.bench.system;

import java.time.Duration;

/** The upper bound of one step, measured in the same run. */
public interface Limit extends AutoCloseable {

    /** A short name such as {@code bare Javalin POST}. */
    String name();

    /** The unit of the figure, such as {@code requests/s}. */
    String unit();

    /** Runs one round of about the given duration; returns units per second. */
    double round(Duration duration) throws Exception;

    @Override
    void close();
}

package io.firstcome.standalone.stack;

import java.time.Duration;

/** Is told how a start goes, so that people see something happen. */
@FunctionalInterface
public interface StartListener {

    /** One more part answers at {@code where}. */
    void started(String what, String where, Duration took);
}

package io.firstcome.standalone.stack;

import java.time.Duration;

/** Receives the progress of a start. */
@FunctionalInterface
public interface StartListener {

    /**
     * Called after a component has started, from the thread that started it.
     *
     * @param component the component's short name
     * @param address its address for clients
     * @param duration how long the start took
     */
    void started(String component, String address, Duration duration);
}

package io.firstcome.standalone.cli;

import java.time.Duration;

/** Prints one line for each component that has started. */
final class StartProgress {

    private StartProgress() {}

    static void print(String component, String address, Duration duration) {
        System.out.printf("  %-10s ready after %4.1f s  %s%n", component, duration.toMillis() / 1000.0, address);
    }
}

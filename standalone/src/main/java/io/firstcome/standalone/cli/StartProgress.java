package io.firstcome.standalone.cli;

import java.time.Duration;

/** One line for each part that has started. */
final class StartLines {

    private StartLines() {}

    static void print(String what, String where, Duration took) {
        System.out.printf("  %-10s up after %4.1f s  %s%n", what, took.toMillis() / 1000.0, where);
    }
}

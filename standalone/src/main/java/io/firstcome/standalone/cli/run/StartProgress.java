package io.firstcome.standalone.cli.run;

import java.io.PrintStream;

import io.firstcome.standalone.stack.StartListener;

/** Prints one line for each component that has started. */
final class StartProgress {

    private StartProgress() {}

    static StartListener on(PrintStream out) {
        return (component, address, duration) -> out.printf("  %-10s ready after %4.1f s  %s%n", component,
                duration.toMillis() / 1000.0, address);
    }
}

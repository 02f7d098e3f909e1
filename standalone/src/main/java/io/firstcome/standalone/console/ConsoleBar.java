package io.firstcome.standalone.console;

import java.io.PrintStream;

import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** Progress bars for terminals, and for files that take the output of a command. */
public final class ConsoleBar {

    private ConsoleBar() {}

    /**
     * A bar that the caller closes.
     *
     * @param withoutTerminal receives one line per second where there is no terminal
     */
    public static ProgressBar start(String task, long max, PrintStream withoutTerminal) {
        var bar = new ProgressBarBuilder().setTaskName(task).setInitialMax(max).showSpeed();
        if (System.console() == null) {
            // Without a terminal, print one line per second instead of overwriting a line.
            bar.setStyle(ProgressBarStyle.ASCII).setUpdateIntervalMillis(1000)
                    .setConsumer(new DelegatingProgressBarConsumer(withoutTerminal::println, 100));
        }
        return bar.build();
    }
}

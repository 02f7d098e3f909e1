package io.firstcome.bench.cli;

import java.io.PrintStream;

import io.firstcome.bench.run.BenchRun.Progress;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;

/** Shows the progress: a bar on a terminal, otherwise a line for each round. */
final class ConsoleProgress implements Progress, AutoCloseable {

    private final PrintStream out;
    private ProgressBar bar;
    private int rounds;
    private int begun;

    ConsoleProgress(PrintStream out) {
        this.out = out;
    }

    @Override
    public void begin(int total) {
        rounds = total;
        if (System.console() != null) {
            bar = new ProgressBarBuilder().setTaskName("bench").setInitialMax(total).build();
        }
    }

    @Override
    public void round(String description) {
        begun++;
        if (bar == null) {
            out.printf("%d/%d %s%n", begun, rounds, description);
        } else {
            bar.stepTo(begun - 1L).setExtraMessage(" " + description);
        }
    }

    @Override
    public void note(String description) {
        if (bar == null) {
            out.println(description);
        } else {
            bar.setExtraMessage(" " + description);
        }
    }

    /** Removes the bar. */
    @Override
    public void close() {
        if (bar != null) {
            bar.close();
            bar = null;
        }
    }
}

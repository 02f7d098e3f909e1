package io.firstcome.embedded;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** A server in a process of its own, which does not outlive this one. */
final class ChildProcess {

    private static final Duration TIME_TO_START = Duration.ofSeconds(60);
    private static final Duration TIME_TO_END = Duration.ofSeconds(30);
    private static final Duration BETWEEN_PROBES = Duration.ofMillis(10);

    /**
     * The kernel ends a leashed child when the <em>thread</em> that started it ends, not the process. This thread lasts
     * as long as the JVM.
     */
    private static final ExecutorService LAUNCHER = Executors
            .newSingleThreadExecutor(Thread.ofPlatform().daemon().name("child-launcher").factory());

    private final String name;
    private final Path log;
    private final Process process;

    private ChildProcess(String name, Path log, Process process) {
        this.name = name;
        this.log = log;
        this.process = process;
    }

    /** Starts {@code command} in {@code directory}; what it prints replaces the content of {@code log}. */
    static ChildProcess launch(String name, List<String> command, Path directory, Path log) {
        ProcessBuilder builder = new ProcessBuilder(Leash.around(command))
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        try {
            return new ChildProcess(name, log, LAUNCHER.submit(builder::start).get());
        } catch (ExecutionException e) {
            throw new ServerStartFailure(name + " cannot be run here: " + e.getCause().getMessage(), e.getCause());
        } catch (InterruptedException e) {
            throw interrupted(name, e);
        }
    }

    /** Returns once {@code answers} says yes; ends the child and throws when it dies first or takes too long. */
    void awaitAnswer(BooleanSupplier answers) {
        long deadline = System.nanoTime() + TIME_TO_START.toNanos();
        while (!answers.getAsBoolean()) {
            if (ended(BETWEEN_PROBES)) {
                throw new ServerStartFailure(
                        name + " ended while starting (exit status " + process.exitValue() + "): see " + log);
            }
            if (System.nanoTime() > deadline) {
                kill();
                throw new ServerStartFailure(name + " was not ready in " + TIME_TO_START + ": see " + log);
            }
        }
    }

    /** Returns once the child has ended by itself, and well. */
    void awaitSuccess() {
        if (!ended(TIME_TO_START)) {
            kill();
            throw new ServerStartFailure(name + " was not done in " + TIME_TO_START + ": see " + log);
        }
        if (process.exitValue() != 0) {
            throw new ServerStartFailure(name + " failed (exit status " + process.exitValue() + "): see " + log);
        }
    }

    long pid() {
        return process.pid();
    }

    /** Sends {@code signal}, a name such as STOP; {@link Process} itself knows only the two that end a process. */
    void signal(String signal) {
        try {
            new ProcessBuilder("/bin/sh", "-c", "kill -" + signal + " " + pid()).start().waitFor();
        } catch (IOException e) {
            throw new IllegalStateException("cannot send " + signal + " to " + name, e);
        } catch (InterruptedException e) {
            throw interrupted(name, e);
        }
    }

    /** Asks the child to end, waits, and ends it by force if it does not. */
    void end() {
        process.destroy();
        if (!ended(TIME_TO_END)) {
            kill();
        }
    }

    /** Ends the child as {@code kill -9} does. */
    void kill() {
        process.destroyForcibly();
        process.onExit().join();
    }

    private boolean ended(Duration patience) {
        try {
            return process.waitFor(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            kill();
            throw interrupted(name, e);
        }
    }

    private static ServerStartFailure interrupted(String name, InterruptedException cause) {
        Thread.currentThread().interrupt();
        return new ServerStartFailure("interrupted while waiting for " + name, cause);
    }
}

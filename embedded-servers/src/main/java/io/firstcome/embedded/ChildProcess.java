package io.firstcome.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** A program in a process of its own, which does not outlive this one. */
final class ChildProcess {

    private static final Duration TIME_TO_START = Duration.ofSeconds(60);
    private static final Duration TIME_TO_END = Duration.ofSeconds(30);
    private static final Duration BETWEEN_PROBES = Duration.ofMillis(10);

    /**
     * The kernel ends a leashed child when the <em>thread</em> that started it ends. This one lasts as long as the JVM.
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

    /**
     * Starts {@code command} in {@code directory}; what it prints replaces the content of {@code log}.
     *
     * @param name what the program is called in messages
     * @throws ServerStartFailure when the program cannot be run
     */
    static ChildProcess launch(String name, List<String> command, Path directory, Path log) {
        ProcessBuilder builder = new ProcessBuilder(ParentDeathGuard.around(command))
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        try {
            return new ChildProcess(name, log, CompletableFuture.supplyAsync(() -> run(builder), LAUNCHER).join());
        } catch (CompletionException e) {
            throw new ServerStartFailure(name + " cannot be run here: " + e.getCause().getMessage(), e);
        }
    }

    /**
     * Returns once {@code answers} says yes.
     *
     * @throws ServerStartFailure when the child ends first or takes too long; it is ended then
     */
    void awaitAnswer(BooleanSupplier answers) {
        long deadline = System.nanoTime() + TIME_TO_START.toNanos();
        while (!answers.getAsBoolean()) {
            if (hasEndedWithin(BETWEEN_PROBES)) {
                throw failure("ended while starting, exit status " + process.exitValue());
            }
            if (System.nanoTime() > deadline) {
                kill();
                throw failure("was not ready within " + TIME_TO_START.toSeconds() + " s");
            }
        }
    }

    /**
     * Returns once the child has done its work and ended.
     *
     * @throws ServerStartFailure when it reports an error or takes too long
     */
    void awaitSuccess() {
        if (!hasEndedWithin(TIME_TO_START)) {
            kill();
            throw failure("was not done within " + TIME_TO_START.toSeconds() + " s");
        }
        if (process.exitValue() != 0) {
            throw failure("failed, exit status " + process.exitValue());
        }
    }

    long pid() {
        return process.pid();
    }

    /** Sends {@code signal}, a name such as STOP, and tells whether there was a process to take it. */
    boolean signal(String signal) {
        // Java itself can only send the two signals that end a process.
        return run(new ProcessBuilder("/bin/sh", "-c", "kill -" + signal + " " + pid()))
                .onExit().join().exitValue() == 0;
    }

    /** Asks the child to end, waits, and ends it by force if it does not. */
    void end() {
        process.destroy();
        if (process.isAlive()) {
            // A stopped process takes notice of nothing else.
            signal("CONT");
        }
        if (!hasEndedWithin(TIME_TO_END)) {
            kill();
        }
    }

    /** Ends the child as {@code kill -9} does. */
    void kill() {
        process.destroyForcibly();
        process.onExit().join();
    }

    /** Whoever is interrupted wants to be done: the child is ended by force then, and the interrupt stays visible. */
    private boolean hasEndedWithin(Duration patience) {
        try {
            return process.waitFor(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            kill();
            Thread.currentThread().interrupt();
            return true;
        }
    }

    private ServerStartFailure failure(String whatHappened) {
        return new ServerStartFailure(name + " " + whatHappened + ": its reasons are in " + log);
    }

    private static Process run(ProcessBuilder builder) {
        try {
            return builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

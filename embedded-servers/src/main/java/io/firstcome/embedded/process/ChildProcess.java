package io.firstcome.embedded.process;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A program in a child process that ends at the latest when this JVM ends. */
public final class ChildProcess {

    private static final Duration START_TIMEOUT = Duration.ofSeconds(60);
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(30);
    private static final Duration PROBE_INTERVAL = Duration.ofMillis(10);
    private static final Pattern ERROR = Pattern.compile("error", Pattern.CASE_INSENSITIVE);

    /**
     * Starts all children. The parent-death signal of {@link ParentDeathGuard} is sent when the <em>thread</em> that
     * started the child ends; this thread ends with the JVM.
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
     * Starts {@code command} in {@code directory}. Its output replaces the content of {@code log}.
     *
     * @param name the program's name in messages
     * @throws ServerStartFailure when the program cannot be started
     */
    public static ChildProcess launch(String name, List<String> command, Path directory, Path log) {
        ProcessBuilder builder = new ProcessBuilder(ParentDeathGuard.wrap(command))
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        try {
            return new ChildProcess(name, log, CompletableFuture.supplyAsync(() -> run(builder), LAUNCHER).join());
        } catch (CompletionException e) {
            throw new ServerStartFailure(name + " cannot be started: " + e.getCause().getMessage(), e);
        }
    }

    /**
     * Waits until {@code ready} returns true.
     *
     * @throws ServerStartFailure when the child ends before, or is not ready within 60 s; then it is killed
     */
    public void awaitReady(BooleanSupplier ready) {
        awaitReady(ready, START_TIMEOUT);
    }

    /**
     * Waits until {@code ready} returns true.
     *
     * @throws ServerStartFailure when the child ends before, or is not ready in time; then it is killed
     */
    public void awaitReady(BooleanSupplier ready, Duration timeout) {
        long deadline = System.nanoTime() + timeout.toNanos();
        while (!ready.getAsBoolean()) {
            if (hasEndedWithin(PROBE_INTERVAL)) {
                throw failure("ended while starting, exit status " + process.exitValue());
            }
            if (System.nanoTime() > deadline) {
                kill();
                throw failure("was not ready within " + timeout.toSeconds() + " s");
            }
        }
    }

    /**
     * Waits until the child has ended.
     *
     * @throws ServerStartFailure when its exit status is not 0, or it does not end within 60 s
     */
    public void awaitSuccess() {
        if (!hasEndedWithin(START_TIMEOUT)) {
            kill();
            throw failure("did not finish within " + START_TIMEOUT.toSeconds() + " s");
        }
        if (process.exitValue() != 0) {
            throw failure("failed, exit status " + process.exitValue());
        }
    }

    public long pid() {
        return process.pid();
    }

    /**
     * Sends a signal.
     *
     * @param signal the signal's name without SIG, for example STOP
     * @return false when the process does not exist any more
     */
    public boolean signal(String signal) {
        // The Process API can only send SIGTERM and SIGKILL.
        return run(new ProcessBuilder("/bin/sh", "-c", "kill -" + signal + " " + pid()))
                .onExit().join().exitValue() == 0;
    }

    /** Sends SIGTERM and waits; kills the child when it has not ended after 30 s. */
    public void end() {
        process.destroy();
        if (process.isAlive()) {
            // A process in the stopped state handles SIGTERM only after it continues.
            signal("CONT");
        }
        if (!hasEndedWithin(STOP_TIMEOUT)) {
            kill();
        }
    }

    /** Kills the child like {@code kill -9} and waits until it has ended. */
    public void kill() {
        process.destroyForcibly();
        process.onExit().join();
    }

    /** Kills the child when the waiting thread is interrupted. */
    private boolean hasEndedWithin(Duration timeout) {
        try {
            return process.waitFor(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            kill();
            Thread.currentThread().interrupt();
            return true;
        }
    }

    private ServerStartFailure failure(String problem) {
        return new ServerStartFailure(name + " " + problem + cause() + ": see " + log);
    }

    /** The first line of the output that reports an error, or else its last line, because a test deletes its logs. */
    private String cause() {
        // The output of a server may contain bytes that are not UTF-8.
        try (Stream<String> lines = Files.lines(log, ISO_8859_1)) {
            List<String> said = lines.filter(line -> !line.isBlank()).toList();
            return said.stream().filter(line -> ERROR.matcher(line).find()).findFirst()
                    .or(() -> said.reversed().stream().findFirst())
                    .map(line -> " (" + line.strip() + ")").orElse("");
        } catch (IOException | UncheckedIOException e) {
            return " (its output cannot be read: " + e.getMessage() + ")";
        }
    }

    private static Process run(ProcessBuilder builder) {
        try {
            return builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

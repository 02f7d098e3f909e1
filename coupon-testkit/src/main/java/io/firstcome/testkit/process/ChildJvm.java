package io.firstcome.testkit.process;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** Runs a main class in a separate process, so that a test can kill it without a regular shutdown. */
public final class ChildJvm implements AutoCloseable {

    private final Process process;

    private ChildJvm(Process process) {
        this.process = process;
    }

    /**
     * Starts a main class with the class path of this JVM.
     *
     * @param environment variables added to the environment of this process
     * @param log the file that receives standard output and standard error
     */
    public static ChildJvm start(Class<?> main, Map<String, String> environment, Path log) throws IOException {
        var builder = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx256m",
                "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED", "-cp",
                System.getProperty("java.class.path"), main.getName())
                .redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().putAll(environment);
        return new ChildJvm(builder.start());
    }

    /** Waits until the process ends by itself, and returns its exit code. */
    public int awaitExit() {
        return process.onExit().join().exitValue();
    }

    /** Kills the process like {@code kill -9} and waits until it has ended. */
    public void kill() {
        process.destroyForcibly();
        process.onExit().join();
    }

    @Override
    public void close() {
        kill();
    }
}

package io.firstcome.testkit.process;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** A main class in a process of its own, so that it can be killed as a machine kills: without a word. */
public final class ChildJvm implements AutoCloseable {

    private final Process process;

    private ChildJvm(Process process) {
        this.process = process;
    }

    /**
     * Starts a main class on the class path of this JVM.
     *
     * @param environment what its environment has besides this process's own
     * @param log where its output goes
     */
    public static ChildJvm start(Class<?> main, Map<String, String> environment, Path log) throws IOException {
        var builder = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx256m",
                "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED", "-cp",
                System.getProperty("java.class.path"), main.getName())
                .redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().putAll(environment);
        return new ChildJvm(builder.start());
    }

    /** As {@code kill -9} does. */
    public void kill() {
        process.destroyForcibly();
        process.onExit().join();
    }

    @Override
    public void close() {
        kill();
    }
}

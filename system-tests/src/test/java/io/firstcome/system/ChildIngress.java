package io.firstcome.system;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

import io.firstcome.ingress.IngressMain;

/** An ingress as a process of its own, so that it can be killed as a machine kills: without a word. */
final class ChildIngress implements AutoCloseable {

    private final Process process;

    private ChildIngress(Process process) {
        this.process = process;
    }

    static ChildIngress start(Map<String, String> environment, Path log) throws IOException {
        var builder = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx256m",
                "--enable-native-access=ALL-UNNAMED", "-cp", System.getProperty("java.class.path"),
                IngressMain.class.getName()).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().putAll(environment);
        return new ChildIngress(builder.start());
    }

    /** As {@code kill -9} does. */
    void kill() {
        process.destroyForcibly();
        process.onExit().join();
    }

    @Override
    public void close() {
        kill();
    }
}

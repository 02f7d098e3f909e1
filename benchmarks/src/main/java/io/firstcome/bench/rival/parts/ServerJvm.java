package io.firstcome.bench.rival.parts;

import java.io.IOException;
import java.io.Writer;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;

import io.firstcome.embedded.process.ChildProcess;
import io.firstcome.embedded.process.FreePort;
import io.firstcome.embedded.process.Loopback;

/** An HTTP server in a JVM of its own, which ends at the latest when this JVM ends. */
public final class ServerJvm implements AutoCloseable {

    /** The name of the setting that holds the server's port. */
    public static final String PORT = "port";

    private final ChildProcess process;
    private final URI url;

    private ServerJvm(ChildProcess process, URI url) {
        this.process = process;
        this.url = url;
    }

    /**
     * Starts a server and returns when its port accepts connections.
     *
     * @param main the class to run; its first argument is a properties file with {@code settings} and {@link #PORT}
     * @param directory where the file and the server's log are written, created if necessary
     * @throws io.firstcome.embedded.process.ServerStartFailure when the server does not start
     */
    public static ServerJvm start(String name, Class<?> main, Properties settings, Path directory)
            throws IOException {
        Path files = Files.createDirectories(directory.toAbsolutePath());
        int port = FreePort.pick();
        Path settingsFile = files.resolve(name + ".properties");
        write(settings, port, settingsFile);
        ChildProcess process = ChildProcess.launch(name, command(main, settingsFile), files,
                files.resolve(name + ".log"));
        process.awaitReady(() -> Loopback.probe(port, _ -> true));
        return new ServerJvm(process, URI.create("http://" + Loopback.ADDRESS + ":" + port));
    }

    private static void write(Properties settings, int port, Path file) throws IOException {
        var all = new Properties();
        all.putAll(settings);
        all.setProperty(PORT, String.valueOf(port));
        try (Writer writer = Files.newBufferedWriter(file)) {
            all.store(writer, null);
        }
    }

    private static List<String> command(Class<?> main, Path settingsFile) {
        return List.of(ProcessHandle.current().info().command().orElseThrow(),
                "-Xms256m", "-Xmx1g", "-XX:+UseCompactObjectHeaders",
                "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow",
                "-cp", System.getProperty("java.class.path"), main.getName(), settingsFile.toString());
    }

    /** Reads the settings in the child JVM. */
    public static Properties settings(String file) throws IOException {
        var settings = new Properties();
        try (var reader = Files.newBufferedReader(Path.of(file))) {
            settings.load(reader);
        }
        return settings;
    }

    /** The base address. */
    public URI url() {
        return url;
    }

    /** Stops the server in order. */
    @Override
    public void close() {
        process.end();
    }
}

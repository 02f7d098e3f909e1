package io.firstcome.embedded;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

import redis.embedded.core.ExecutableProvider;

/** A real redis-server that keeps nothing on disk, as a child of this process. */
public final class EmbeddedRedis implements AutoCloseable {

    private final DataDir data;
    private final int port;
    private final ChildProcess child;
    private boolean closed;

    private EmbeddedRedis(DataDir data, int port, ChildProcess child) {
        this.data = data;
        this.port = port;
        this.child = child;
    }

    /**
     * Starts a server on loopback, empty.
     *
     * @param directory for its log, created where missing
     * @param port its port, or 0 for a free one
     * @throws ServerStartFailure when the port is taken or the directory cannot be used
     */
    public static EmbeddedRedis start(Path directory, int port) {
        int actual = FreePort.pickIfZero(port);
        FreePort.require("Redis", actual);
        DataDir data = DataDir.hold(directory);
        try {
            ChildProcess child = ChildProcess.launch("Redis", command(actual), data.path(), data.resolve("redis.log"));
            child.awaitAnswer(() -> answers(actual));
            return new EmbeddedRedis(data, actual, child);
        } catch (IOException e) {
            data.close();
            throw new ServerStartFailure("Redis has no executable for this system: " + e.getMessage(), e);
        } catch (ServerStartFailure e) {
            data.close();
            throw e;
        }
    }

    private static List<String> command(int port) throws IOException {
        String executable = ExecutableProvider.newJarResourceProvider().get().getAbsolutePath();
        return List.of(executable, "--port", String.valueOf(port), "--bind", "127.0.0.1", "--save", "", "--appendonly",
                "no", "--maxmemory-policy", "noeviction", "--daemonize", "no");
    }

    private static boolean answers(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
            var reader = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
            return "+PONG".equals(reader.readLine());
        } catch (IOException notYet) {
            return false;
        }
    }

    /** Where clients connect. */
    public String uri() {
        return "redis://127.0.0.1:" + port;
    }

    /** Its port on loopback. */
    public int port() {
        return port;
    }

    /** Its process. */
    public long pid() {
        return child.pid();
    }

    /** Makes it hang without a word, as an overloaded machine does. */
    public void pause() {
        child.signal("STOP");
    }

    /** Lets it go on. */
    public void resume() {
        child.signal("CONT");
    }

    /** Ends it as {@code kill -9} does; {@link #close} is still due. */
    public void kill() {
        child.kill();
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            child.end();
            data.close();
        }
    }
}

package io.firstcome.embedded;

import java.util.concurrent.atomic.AtomicBoolean;

import io.firstcome.embedded.process.ChildProcess;
import io.firstcome.embedded.process.DataDir;

/**
 * A server in a child process, which a test can freeze and kill. The process ends with {@link #close}, with
 * {@link #kill}, or with this JVM.
 */
public abstract sealed class ChildServer implements AutoCloseable permits EmbeddedRedis, EmbeddedMariaDb {

    private final int port;
    private final DataDir dataDir;
    private final ChildProcess process;
    private final AtomicBoolean ended = new AtomicBoolean();

    ChildServer(int port, DataDir dataDir, ChildProcess process) {
        this.port = port;
        this.dataDir = dataDir;
        this.process = process;
    }

    /** The port on the loopback interface. */
    public final int port() {
        return port;
    }

    /** The process id. */
    public final long pid() {
        return process.pid();
    }

    /**
     * Freezes the process: its connections stay open, but it does not respond.
     *
     * @throws IllegalStateException when the process has ended
     */
    public final void pause() {
        signal("STOP");
    }

    /**
     * Continues a frozen process.
     *
     * @throws IllegalStateException when the process has ended
     */
    public final void resume() {
        signal("CONT");
    }

    /** Kills the server like {@code kill -9}. A new one can be started with the same directory and port at once. */
    public final void kill() {
        if (ended.compareAndSet(false, true)) {
            process.kill();
            dataDir.close();
        }
    }

    /** Stops the server and waits until it has ended. Has no effect when it has already ended. */
    @Override
    public final void close() {
        if (ended.compareAndSet(false, true)) {
            process.end();
            dataDir.close();
        }
    }

    private void signal(String signal) {
        if (!process.signal(signal)) {
            throw new IllegalStateException("process " + pid() + " has ended, cannot send SIG" + signal);
        }
    }
}

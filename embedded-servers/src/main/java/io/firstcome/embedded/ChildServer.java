package io.firstcome.embedded;

import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A server that runs in a process of its own and can therefore be made to fail like one. It ends with {@link #close},
 * with {@link #kill}, or with this JVM, whichever comes first.
 */
public abstract sealed class ChildServer implements AutoCloseable permits EmbeddedRedis, EmbeddedMariaDb {

    private final int port;
    private final DataDir dataDir;
    private final ChildProcess process;
    private final AtomicBoolean over = new AtomicBoolean();

    ChildServer(int port, DataDir dataDir, ChildProcess process) {
        this.port = port;
        this.dataDir = dataDir;
        this.process = process;
    }

    /** The loopback port that it serves on. */
    public final int port() {
        return port;
    }

    /** Its process id. */
    public final long pid() {
        return process.pid();
    }

    /**
     * Freezes the process: connections stay open, nothing is answered.
     *
     * @throws IllegalStateException when the process is gone
     */
    public final void pause() {
        signal("STOP");
    }

    /**
     * Lets a frozen process go on.
     *
     * @throws IllegalStateException when the process is gone
     */
    public final void resume() {
        signal("CONT");
    }

    /** Ends it as {@code kill -9} does. Another may be started over the same directory and port at once. */
    public final void kill() {
        if (over.compareAndSet(false, true)) {
            process.kill();
            dataDir.close();
        }
    }

    /** Ends it in good order and waits for that. Does nothing when it is over already. */
    @Override
    public final void close() {
        if (over.compareAndSet(false, true)) {
            process.end();
            dataDir.close();
        }
    }

    private void signal(String signal) {
        if (!process.signal(signal)) {
            throw new IllegalStateException("process " + pid() + " is gone, nothing takes " + signal);
        }
    }
}

package io.firstcome.kit.server;

import java.util.concurrent.Executors;

import org.eclipse.jetty.util.thread.QueuedThreadPool;

/**
 * The threads of an HTTP server: platform threads accept and read, virtual threads handle. Javalin's own pool of
 * virtual threads would also run the loop that reads all connections on a virtual thread, behind the handlers that wait
 * for a carrier. Public, so that the benchmarks give other servers the same threads.
 */
public final class HttpThreads {

    /** How many threads accept connections. */
    public static final int ACCEPTORS = 1;

    private static final int SPARE = 4;

    private HttpThreads() {}

    /** How many threads read connections. Jetty's default depends on the size of the pool and would mostly be one. */
    public static int selectors() {
        return Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
    }

    /** A pool for one server. */
    public static QueuedThreadPool pool() {
        int size = ACCEPTORS + 2 * selectors() + SPARE;
        var pool = new QueuedThreadPool(size, Math.min(size, SPARE));
        pool.setName("http");
        pool.setDaemon(true);
        pool.setReservedThreads(0);
        pool.setVirtualThreadsExecutor(
                Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("http-", 0).factory()));
        return pool;
    }
}

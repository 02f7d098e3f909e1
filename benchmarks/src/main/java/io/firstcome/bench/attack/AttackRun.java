package io.firstcome.bench.attack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Keeps all connections of one attack busy from one thread, until it is stopped. */
public final class AttackRun implements AutoCloseable {

    private static final long RECONNECT_DELAY = TimeUnit.MILLISECONDS.toNanos(200);
    private static final long LONGEST_SELECT_MILLIS = 100;
    private static final long OPEN_TIMEOUT_SECONDS = 20;
    /** Few at a time, because a server accepts connections from a queue. */
    private static final int OPENED_AT_ONCE = 200;
    private static final long OPEN_INTERVAL = TimeUnit.MILLISECONDS.toNanos(50);

    private final AttackJob job;
    private final InetSocketAddress server;
    private final InetSocketAddress local;
    private final Selector selector;
    private final List<AttackConnection> connections = new ArrayList<>();
    private final PriorityQueue<Due> dues = new PriorityQueue<>(Comparator.comparingLong(Due::nanos));
    private final Map<Integer, Long> answers = new HashMap<>();
    private final ByteBuffer buffer = ByteBuffer.allocate(64 * 1024);
    private final CountDownLatch opened;
    private final Thread thread;
    private volatile boolean stopped;
    /** Why the thread ended before it was told to. */
    private volatile Exception failure;
    /** Written by the thread of the attack only. */
    private volatile long answered;
    private long closed;
    private long refused;
    private long bytesRead;

    /** A call of {@link AttackConnection#open} or {@link AttackConnection#act} in the future. */
    private record Due(AttackConnection connection, long nanos) {}

    private AttackRun(AttackJob job) throws IOException {
        URI url = URI.create(job.url());
        this.job = job;
        this.server = new InetSocketAddress(url.getHost(), url.getPort());
        this.local = new InetSocketAddress(job.address(), 0);
        this.selector = Selector.open();
        this.opened = new CountDownLatch(job.connections());
        this.thread = Thread.ofPlatform().name("attack").unstarted(this::run);
    }

    /**
     * Starts an attack and returns when all its connections have been opened, or could not be.
     *
     * @throws IOException when the connections were not opened in time, or the attack ended
     */
    public static AttackRun start(AttackJob job) throws IOException, InterruptedException {
        var run = new AttackRun(job);
        run.thread.start();
        if (!run.opened.await(OPEN_TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
            run.close();
            throw new IOException(run.opened.getCount() + " of " + job.connections() + " connections were not opened");
        }
        if (run.failure != null) {
            run.close();
            throw run.ended();
        }
        return run;
    }

    private IOException ended() {
        return new IOException("the attack has ended: " + failure, failure);
    }

    /** The number of answers so far. */
    long answered() {
        return answered;
    }

    /**
     * Ends the attack, closes its connections and returns what the bad caller got.
     *
     * @throws IOException when the attack had ended before: the figures would not be those of the attack
     */
    public AttackResult stop() throws IOException, InterruptedException {
        stopped = true;
        selector.wakeup();
        thread.join();
        int open = (int) connections.stream().filter(AttackConnection::isOpen).count();
        close();
        if (failure != null) {
            throw ended();
        }
        return new AttackResult(answers, closed, refused, open, bytesRead / 1024.0 / 1024.0);
    }

    /** Ends the attack and closes its connections. */
    @Override
    public void close() {
        stopped = true;
        selector.wakeup();
        try {
            thread.join();
            for (AttackConnection connection : connections) {
                connection.close();
            }
            selector.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            attack();
        } catch (IOException | RuntimeException e) {
            failure = e;
            while (opened.getCount() > 0) {
                opened.countDown();
            }
        }
    }

    private void attack() throws IOException {
        var requests = new AttackRequests(job);
        long start = System.nanoTime();
        for (int i = 0; i < job.connections(); i++) {
            var connection = new AttackConnection(job.attack(), requests.of(i), this::count);
            connections.add(connection);
            dues.add(new Due(connection, start + i / OPENED_AT_ONCE * OPEN_INTERVAL));
        }
        while (!stopped) {
            long now = System.nanoTime();
            while (!dues.isEmpty() && dues.peek().nanos() <= now) {
                act(dues.poll().connection(), now);
            }
            long millis = dues.isEmpty()
                    ? LONGEST_SELECT_MILLIS
                    : TimeUnit.NANOSECONDS.toMillis(dues.peek().nanos() - System.nanoTime()) + 1;
            selector.select(this::ready, Math.clamp(millis, 1, LONGEST_SELECT_MILLIS));
        }
    }

    private void count(int status) {
        answers.merge(status, 1L, Long::sum);
        answered = answers.values().stream().mapToLong(Long::longValue).sum();
    }

    private void act(AttackConnection connection, long now) {
        try {
            if (connection.isOpen()) {
                buffer.clear();
                again(connection, connection.act(buffer));
                bytesRead += buffer.position();
            } else {
                connection.open(local, server, selector);
            }
        } catch (IOException e) {
            lost(connection, now);
        }
    }

    private void ready(SelectionKey key) {
        AttackConnection connection = (AttackConnection) key.attachment();
        long now = System.nanoTime();
        try {
            if (key.isConnectable()) {
                again(connection, connection.begin());
                opened.countDown();
                return;
            }
            if (key.isWritable()) {
                connection.write();
            }
            if (key.isReadable()) {
                buffer.clear();
                boolean answered = connection.read(buffer);
                bytesRead += buffer.position();
                if (answered) {
                    again(connection, TimeUnit.MILLISECONDS.toNanos(job.attack().pauseMillis()));
                }
            }
        } catch (IOException e) {
            lost(connection, now);
        }
    }

    private void again(AttackConnection connection, long nanos) {
        if (nanos >= 0) {
            dues.add(new Due(connection, System.nanoTime() + nanos));
        }
    }

    private void lost(AttackConnection connection, long now) {
        if (connection.isOpen()) {
            closed++;
        } else {
            refused++;
            opened.countDown();
        }
        try {
            connection.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        dues.removeIf(due -> due.connection() == connection);
        dues.add(new Due(connection, now + RECONNECT_DELAY));
    }
}

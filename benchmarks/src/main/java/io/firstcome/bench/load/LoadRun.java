package io.firstcome.bench.load;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

import org.HdrHistogram.Histogram;

import io.firstcome.bench.load.Connection.Attempt;
import io.firstcome.bench.load.LoadJob.Arrivals;
import io.firstcome.bench.load.LoadResult.Latency;

/**
 * Sends one load from one thread, so that the generator takes little of the processor that it shares with the system
 * under load. It is a client for benchmarks only: it sends one kind of request and reads little of the responses.
 */
final class LoadRun {

    private static final long ANSWER_TIMEOUT = TimeUnit.SECONDS.toNanos(40);
    private static final long CONNECT_TIMEOUT = TimeUnit.SECONDS.toNanos(20);
    private static final long RECONNECT_DELAY = TimeUnit.MILLISECONDS.toNanos(50);
    private static final int CONNECTING_MAX = 64;
    private static final String BROKEN_CONNECTION = "broken connection";
    private static final int PRECISION_DIGITS = 3;
    private static final long SEED = 31;

    private final LoadJob job;
    private final ClaimRequests requests;
    private final Selector selector;
    private final InetSocketAddress address;
    private final ByteBuffer buffer = ByteBuffer.allocate(64 * 1024);
    private final SplittableRandom random = new SplittableRandom(SEED);

    private final List<Connection> connections = new ArrayList<>();
    private final Deque<Connection> idle = new ArrayDeque<>();
    private final PriorityQueue<Retry> repetitions = new PriorityQueue<>(Comparator.comparingLong(Retry::due));
    private final PriorityQueue<Reconnect> reconnects = new PriorityQueue<>(Comparator.comparingLong(Reconnect::due));

    private final Histogram latency = new Histogram(PRECISION_DIGITS);
    private final Map<Integer, Histogram> byStatus = new TreeMap<>();
    private long start;
    private long sendingEnds;
    private long nextArrival;
    private long sent;
    private long answered;
    private long answeredInTime;
    private final Map<String, Long> retries = new TreeMap<>();
    private long failed;
    private long lastAnswer;
    private String firstError = "";

    private record Retry(Attempt attempt, long due) {}

    private record Reconnect(Connection connection, long due) {}

    private LoadRun(LoadJob job, Selector selector) throws IOException {
        URI url = URI.create(job.url());
        this.job = job;
        this.selector = selector;
        this.address = new InetSocketAddress(url.getHost(), url.getPort());
        String tokens = job.callers().tokens();
        this.requests = new ClaimRequests(url, job.claims(),
                tokens == null ? List.of() : Files.readAllLines(Path.of(tokens)));
    }

    /**
     * Sends the load and returns when every claim is answered or has failed.
     *
     * @throws IOException when the system under load does not accept connections
     */
    static LoadResult of(LoadJob job) throws IOException {
        try (Selector selector = Selector.open()) {
            LoadRun run = new LoadRun(job, selector);
            try {
                return run.run();
            } finally {
                run.connections.forEach(Connection::close);
            }
        }
    }

    private LoadResult run() throws IOException {
        for (int i = 0; i < job.connections(); i++) {
            connections.add(new Connection(localAddress(i), address, selector, requests.maxSize()));
        }
        if (job.connectFirst()) {
            connectAll();
        }
        long cpuBefore = cpuNanos();
        start = System.nanoTime();
        lastAnswer = start;
        nextArrival = start;
        sendingEnds = start + TimeUnit.MILLISECONDS.toNanos(job.millis());
        if (!job.connectFirst()) {
            for (Connection connection : connections) {
                connection.open();
            }
        }
        while (true) {
            long now = System.nanoTime();
            reopen(now);
            dispatch(now);
            if (isFinished(now)) {
                break;
            }
            select(millisUntilNextEvent(now));
        }
        return result(cpuNanos() - cpuBefore);
    }

    /** The local address of a connection; null for the one that the system chooses. */
    private InetSocketAddress localAddress(int connection) {
        List<String> addresses = job.callers().addresses();
        return addresses.isEmpty()
                ? null
                : new InetSocketAddress(addresses.get(connection % addresses.size()), 0);
    }

    /** Opens all connections before the load begins, few at a time, because servers accept them from a short queue. */
    private void connectAll() throws IOException {
        long deadline = System.nanoTime() + CONNECT_TIMEOUT;
        int opened = 0;
        while (idle.size() < connections.size()) {
            while (opened < connections.size() && opened - idle.size() < CONNECTING_MAX) {
                connections.get(opened++).open();
            }
            select(100);
            if (!firstError.isEmpty()) {
                throw new IOException("cannot connect to " + address + ": " + firstError);
            }
            if (System.nanoTime() > deadline) {
                throw new IOException(idle.size() + " of " + connections.size() + " connections to " + address
                        + " were accepted in time");
            }
        }
    }

    private void reopen(long now) throws IOException {
        while (!reconnects.isEmpty() && reconnects.peek().due() <= now) {
            reconnects.poll().connection().open();
        }
    }

    /** Sends what is due, as long as connections are free. */
    private void dispatch(long now) {
        while (!idle.isEmpty()) {
            Attempt next;
            if (!repetitions.isEmpty() && repetitions.peek().due() <= now) {
                next = repetitions.poll().attempt();
            } else if (mayStartAnother(now) && arrivalIsDue(now)) {
                next = new Attempt(sent++, since(now));
            } else {
                return;
            }
            Connection connection = idle.pop();
            try {
                connection.send(next, requests);
            } catch (IOException e) {
                broken(connection, e);
            }
        }
    }

    private boolean mayStartAnother(long now) {
        // An arrival of an open loop before the end of sending counts even when it is sent late.
        long arrival = job.arrivals() == Arrivals.OPEN_LOOP ? nextArrival : now;
        return sent < job.requests() && arrival < sendingEnds;
    }

    private boolean arrivalIsDue(long now) {
        return job.arrivals() != Arrivals.OPEN_LOOP || nextArrival <= now;
    }

    /**
     * The time from which the latency of the next claim counts: the time at which the user wants the coupon, also when
     * the claim is sent later because the system is slow. Otherwise a stall would hide the claims that it delays
     * ("coordinated omission").
     */
    private long since(long now) {
        return switch (job.arrivals()) {
            case CLOSED_LOOP -> now;
            case AT_ONCE -> start;
            case OPEN_LOOP -> {
                long arrival = nextArrival;
                double gapSeconds = -Math.log(1 - random.nextDouble()) / job.perSecond();
                nextArrival += (long) (gapSeconds * TimeUnit.SECONDS.toNanos(1));
                yield arrival;
            }
        };
    }

    private boolean isFinished(long now) {
        long open = sent - answered - failed;
        boolean stalled = now - lastAnswer > ANSWER_TIMEOUT;
        if (!stalled && (open > 0 || mayStartAnother(now))) {
            return false;
        }
        long missing = job.arrivals() == Arrivals.AT_ONCE ? job.requests() - answered - failed : open;
        failed += missing;
        return true;
    }

    private long millisUntilNextEvent(long now) {
        long due = now + TimeUnit.MILLISECONDS.toNanos(100);
        if (!idle.isEmpty()) {
            if (!repetitions.isEmpty()) {
                due = Math.min(due, repetitions.peek().due());
            }
            if (mayStartAnother(now)) {
                due = Math.min(due, job.arrivals() == Arrivals.OPEN_LOOP ? nextArrival : now);
            }
        }
        if (!reconnects.isEmpty()) {
            due = Math.min(due, reconnects.peek().due());
        }
        return Math.max(0, TimeUnit.NANOSECONDS.toMillis(due - now + 999_999));
    }

    private void select(long millis) throws IOException {
        if (millis <= 0) {
            selector.selectNow(this::ready);
        } else {
            selector.select(this::ready, millis);
        }
    }

    private void ready(SelectionKey key) {
        Connection connection = (Connection) key.attachment();
        try {
            if (key.isConnectable()) {
                connection.finishConnect();
                idle.push(connection);
                return;
            }
            if (key.isWritable()) {
                connection.write();
            }
            if (key.isReadable() && connection.read(buffer)) {
                answer(connection);
            }
        } catch (IOException e) {
            broken(connection, e);
        }
    }

    private void answer(Connection connection) {
        long now = System.nanoTime();
        Attempt attempt = connection.attempt();
        ResponseParser response = connection.response();
        int status = response.status();
        boolean closing = response.isClosing();
        boolean repeats = job.retry() && response.asksForRepetition();
        if (repeats) {
            retry(attempt, response.problem(), now,
                    TimeUnit.SECONDS.toNanos(Math.max(1, response.retryAfterSeconds())));
        }
        connection.finish();
        if (!repeats) {
            record(status, now - attempt.since());
            answered++;
            answeredInTime += now <= sendingEnds ? 1 : 0;
            lastAnswer = now;
        }
        if (closing) {
            connection.close();
            reconnects.add(new Reconnect(connection, now));
        } else {
            idle.push(connection);
        }
    }

    private void record(int status, long nanos) {
        long micros = TimeUnit.NANOSECONDS.toMicros(nanos);
        latency.recordValue(micros);
        byStatus.computeIfAbsent(status, _ -> new Histogram(PRECISION_DIGITS)).recordValue(micros);
    }

    /** Repeats the claim after the delay, plus or minus half of it at random, as clients should. */
    private void retry(Attempt attempt, String reason, long now, long delay) {
        retries.merge(reason, 1L, Long::sum);
        repetitions.add(new Retry(attempt, now + delay / 2 + random.nextLong(delay)));
    }

    private void broken(Connection connection, IOException e) {
        long now = System.nanoTime();
        Attempt attempt = connection.attempt();
        connection.finish();
        connection.close();
        idle.remove(connection);
        reconnects.add(new Reconnect(connection, now + RECONNECT_DELAY));
        if (attempt == null && connection.wasOpen()) {
            // A server may close an idle connection at any time.
            return;
        }
        if (firstError.isEmpty()) {
            firstError = e.getClass().getSimpleName() + ": " + e.getMessage();
        }
        if (attempt != null && job.retry()) {
            retry(attempt, BROKEN_CONNECTION, now, RECONNECT_DELAY);
        } else if (attempt != null) {
            failed++;
        }
    }

    private static long cpuNanos() {
        return ProcessHandle.current().info().totalCpuDuration().orElseThrow().toNanos();
    }

    private LoadResult result(long cpuNanos) {
        double seconds = (lastAnswer - start) / 1e9;
        // A system that stops to answer before the end of a timed load must not look faster.
        double sendingSeconds = job.isTimed() ? job.millis() / 1e3 : seconds;
        Map<Integer, Latency> latencies = new TreeMap<>();
        byStatus.forEach((status, histogram) -> latencies.put(status, Latency.of(histogram)));
        return new LoadResult(Latency.of(latency), latencies, retries, failed, firstError, seconds,
                sendingSeconds == 0 ? 0 : answeredInTime / sendingSeconds, cpuNanos / 1e9);
    }
}

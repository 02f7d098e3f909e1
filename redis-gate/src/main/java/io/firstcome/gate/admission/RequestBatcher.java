package io.firstcome.gate.admission;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.firstcome.kit.loop.ServiceLoop;
import io.micrometer.core.instrument.MeterRegistry;

/**
 * Lets requests that arrive at the same time share round trips. A few threads make the round trips: a free thread
 * takes all requests that wait, up to the size of a batch. So a request waits for no other while a thread is free, and
 * the batches grow with the load.
 *
 * @param <Q> a request
 * @param <A> its reply
 */
final class RequestBatcher<Q, A> implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(RequestBatcher.class);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

    private final Bounds bounds;
    private final BlockingQueue<Waiting<Q, A>> waiting;
    /** The requests of the last timeout, answered ones included, in the order of their deadlines. */
    private final BlockingQueue<Waiting<Q, A>> deadlines = new LinkedBlockingQueue<>();
    private final Function<List<Q>, List<A>> roundTrip;
    private final Function<Q, ?> id;
    private final A noAnswer;
    private final List<ServiceLoop> loops;
    private volatile boolean closed;

    /**
     * @param roundTrips how many may be under way at the same time; each has a thread of its own
     * @param batch how many requests one round trip carries at most
     * @param waiting how many requests may wait for a round trip
     * @param timeout how long a request waits for its reply
     */
    record Bounds(int roundTrips, int batch, int waiting, Duration timeout) {}

    private record Waiting<Q, A>(Q request, CompletableFuture<A> reply, long deadlineNanos) {}

    /**
     * @param name the name of the threads
     * @param roundTrip returns the reply to each request of a batch, in order
     * @param id the id of a request, for the log
     * @param noAnswer the reply when the queue is full, the timeout is over, the round trip fails, or the batcher is
     * closed
     */
    RequestBatcher(String name, Bounds bounds, Function<List<Q>, List<A>> roundTrip, Function<Q, ?> id, A noAnswer,
            MeterRegistry meters) {
        this.bounds = bounds;
        this.waiting = new ArrayBlockingQueue<>(bounds.waiting());
        this.roundTrip = roundTrip;
        this.id = id;
        this.noAnswer = noAnswer;
        Stream<ServiceLoop> roundTrips = IntStream.range(0, bounds.roundTrips())
                .mapToObj(i -> loop(name + "-" + i, this::answerNextBatch, meters));
        this.loops = Stream.concat(roundTrips, Stream.of(loop(name + "-timeout", this::endNextTimeout, meters)))
                .toList();
        loops.forEach(ServiceLoop::start);
    }

    private static ServiceLoop loop(String name, ServiceLoop.Step step, MeterRegistry meters) {
        return ServiceLoop.named(name, step, meters).closeTimeout(CLOSE_TIMEOUT).build();
    }

    /** Asks without blocking; the stage never fails. A caller that completes the stage itself withdraws the request. */
    CompletableFuture<A> ask(Q request) {
        var asked = new Waiting<>(request, new CompletableFuture<A>(),
                System.nanoTime() + bounds.timeout().toNanos());
        if (!waiting.offer(asked) || closed) {
            asked.reply().complete(noAnswer);
        } else {
            deadlines.add(asked);
        }
        return asked.reply();
    }

    /**
     * Every request has the same timeout, so the oldest one has the next deadline. One thread that sleeps until then
     * replaces a timer for each request.
     */
    private void endNextTimeout() throws InterruptedException {
        Waiting<Q, A> oldest = deadlines.take();
        if (!oldest.reply().isDone()) {
            TimeUnit.NANOSECONDS.sleep(oldest.deadlineNanos() - System.nanoTime());
            oldest.reply().complete(noAnswer);
        }
    }

    /** When a round trip fails, only the requests of its batch get no answer. An {@link Error} also ends the loop. */
    private void answerNextBatch() throws InterruptedException {
        List<Waiting<Q, A>> batch = new ArrayList<>();
        batch.add(waiting.take());
        waiting.drainTo(batch, bounds.batch() - 1);
        batch.removeIf(it -> it.reply().isDone());
        if (batch.isEmpty()) {
            return;
        }
        try {
            List<A> replies = roundTrip.apply(batch.stream().map(Waiting::request).toList());
            for (int i = 0; i < batch.size(); i++) {
                batch.get(i).reply().complete(replies.get(i));
            }
        } catch (RuntimeException e) {
            LOG.atError().addKeyValue("requestIds", batch.stream().map(it -> id.apply(it.request())).toList())
                    .setCause(e)
                    .log("a round trip with {} requests failed", batch.size());
        } finally {
            batch.forEach(it -> it.reply().complete(noAnswer));
        }
    }

    /** Why a thread has ended; only a restart helps. Empty while all of them run. */
    Optional<String> problem() {
        return loops.stream().flatMap(loop -> loop.problem().stream()).findFirst();
    }

    /** Lets the round trips under way end; the requests that still wait get no answer. */
    @Override
    public void close() {
        closed = true;
        loops.forEach(ServiceLoop::beginClose);
        loops.forEach(ServiceLoop::close);
        waiting.forEach(it -> it.reply().complete(noAnswer));
    }
}

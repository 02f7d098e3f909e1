package io.firstcome.gate.admission;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.IntStream;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets questions that are asked at the same time share round trips. Whichever of a few threads is free takes all that
 * wait: so a lone question waits for nobody, and under load the batches grow by themselves.
 *
 * @param <Q> what is asked
 * @param <A> what is answered
 */
final class RequestBatcher<Q, A> implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(RequestBatcher.class);

    private static final Duration LONGEST_ROUND_TRIP = Duration.ofSeconds(5);

    private final Bounds bounds;
    private final BlockingQueue<Asked<Q, A>> waiting;
    private final Function<List<Q>, List<A>> roundTrip;
    private final A noAnswer;
    private final List<Thread> threads;
    private volatile boolean closed;

    /**
     * @param roundTrips how many may be under way at the same time; each has a thread of its own
     * @param batch how many questions one round trip carries at most
     * @param waiting how many questions may wait for a round trip
     * @param patience how long anybody waits for an answer, from asking on
     */
    record Bounds(int roundTrips, int batch, int waiting, Duration patience) {}

    private record Asked<Q, A>(Q question, CompletableFuture<A> answer) {}

    /**
     * @param roundTrip gives each question of a batch its answer, in order
     * @param noAnswer what is answered when the place or the time runs out, the round trip fails, or this is closed
     */
    RequestBatcher(String name, Bounds bounds, Function<List<Q>, List<A>> roundTrip, A noAnswer) {
        this.bounds = bounds;
        this.waiting = new ArrayBlockingQueue<>(bounds.waiting());
        this.roundTrip = roundTrip;
        this.noAnswer = noAnswer;
        this.threads = IntStream.range(0, bounds.roundTrips())
                .mapToObj(i -> Thread.ofPlatform().name(name + "-" + i).start(this::run)).toList();
    }

    /** Asks; whoever completes the answer first, takes the question back. Never blocks, never fails. */
    CompletableFuture<A> ask(Q question) {
        var asked = new Asked<>(question, new CompletableFuture<A>());
        if (!waiting.offer(asked) || closed) {
            asked.answer().complete(noAnswer);
        }
        return asked.answer().completeOnTimeout(noAnswer, bounds.patience().toNanos(), TimeUnit.NANOSECONDS);
    }

    private void run() {
        try {
            while (!closed) {
                answerNextBatch();
            }
        } catch (InterruptedException e) {
            LOG.debug("told to stop asking");
        }
    }

    /** Whatever befalls one batch, an error of the machine too, the next is asked: nobody else would. */
    private void answerNextBatch() throws InterruptedException {
        List<Asked<Q, A>> batch = new ArrayList<>();
        try {
            batch.add(waiting.take());
            waiting.drainTo(batch, bounds.batch() - 1);
            batch.removeIf(it -> it.answer().isDone());
            answer(batch);
        } catch (InterruptedException e) {
            throw e;
        } catch (Throwable e) {
            batch.forEach(it -> it.answer().complete(noAnswer));
            LOG.error("{} questions found no answer", batch.size(), e);
        }
    }

    private void answer(List<Asked<Q, A>> batch) {
        if (!batch.isEmpty()) {
            List<A> answers = roundTrip.apply(batch.stream().map(Asked::question).toList());
            for (int i = 0; i < batch.size(); i++) {
                batch.get(i).answer().complete(answers.get(i));
            }
        }
    }

    /** Whether there is still somebody to answer questions. */
    boolean isAlive() {
        return threads.stream().allMatch(Thread::isAlive);
    }

    /** Lets the round trips under way end; whoever still waits then has no answer. */
    @Override
    public void close() {
        closed = true;
        threads.forEach(Thread::interrupt);
        try {
            for (Thread thread : threads) {
                if (!thread.join(LONGEST_ROUND_TRIP)) {
                    LOG.warn("{} is still under way and is left behind", thread.getName());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        waiting.forEach(it -> it.answer().complete(noAnswer));
    }
}

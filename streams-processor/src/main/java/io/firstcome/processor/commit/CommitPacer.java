package io.firstcome.processor.commit;

import java.time.Duration;

import org.apache.kafka.streams.processor.Cancellable;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.Punctuator;
import org.apache.kafka.streams.processor.api.ProcessorContext;

/**
 * Requests commits, so that the first outcome after a pause is committed at once and the outcomes of a rush are
 * committed together: {@code interval} after the previous request, and not before they could gather. This holds while
 * the authority keeps up with the log. An authority that is behind serves callers best by deciding more claims per
 * second, so it requests no commit, and the longer commit interval of Kafka Streams applies.
 *
 * <p>One instance serves all stream threads of a client. Each thread has its own pace, because a commit covers all
 * tasks of the thread.
 */
public final class CommitPacer {

    /** A command that is older when it is decided shows that the authority is behind. */
    static final Duration BEHIND = Duration.ofMillis(100);

    /**
     * After a shorter time without a request, more commands may already wait for the end of the previous commit. They
     * share one commit, because a commit takes longer than hundreds of decisions.
     */
    static final Duration PAUSE = Duration.ofMillis(100);

    /**
     * How long the outcomes of a rush gather at most. Callers who wait for one commit send their next claims together
     * after it. A commit soon after the first of these would leave the others to the next one, and each costs the same.
     */
    static final long MAX_GATHER_MILLIS = 16;

    /** A lone caller would gather nothing, so the time depends on how many outcomes the previous commit had. */
    private static final int OUTCOMES_PER_GATHER_MILLI = 8;

    private final long intervalMillis;
    private final long pauseMillis;
    private final ThreadLocal<Pace> paces = ThreadLocal.withInitial(Pace::new);

    /** @param interval the least time between two requests of a thread */
    public CommitPacer(Duration interval) {
        intervalMillis = interval.toMillis();
        pauseMillis = Math.max(PAUSE.toMillis(), intervalMillis);
    }

    /** What one stream thread has requested. */
    private static final class Pace {
        private long requestedAt;
        private long behindAt;
        private int decided;
        private long gatherMillis = 1;
        private Timer timer;
    }

    /**
     * Called after every decision, on the stream thread.
     *
     * @param appendTime when the command was appended to the log, in milliseconds since 1970
     */
    public void decided(ProcessorContext<?, ?> context, long appendTime) {
        long now = context.currentSystemTimeMs();
        Pace pace = paces.get();
        pace.decided++;
        long sinceRequest = now - pace.requestedAt;
        if (sinceRequest < 0) {
            // The clock has stepped back, and a timer would fire only when it is there again.
            if (pace.timer != null) {
                pace.timer.cancel();
            }
            pace.behindAt = 0;
            request(context, pace, now);
            return;
        }
        if (now - appendTime > BEHIND.toMillis()) {
            pace.behindAt = now;
        }
        // A commit covers all tasks of the thread, also those that are behind.
        if (now - pace.behindAt < BEHIND.toMillis()) {
            // Kafka Streams commits these outcomes by itself.
            pace.decided = 0;
            return;
        }
        if (pace.timer != null) {
            return;
        }
        if (sinceRequest >= pauseMillis) {
            request(context, pace, now);
        } else {
            pace.timer = new Timer(context, pace, Math.max(pace.gatherMillis, intervalMillis - sinceRequest));
        }
    }

    /** Called on the stream thread when a task closes: its timer may never fire, so the thread must not wait for it. */
    public void closed(ProcessorContext<?, ?> context) {
        Pace pace = paces.get();
        if (pace.timer != null && pace.timer.context == context) {
            pace.timer.cancel();
        }
    }

    private static void request(ProcessorContext<?, ?> context, Pace pace, long now) {
        context.commit();
        pace.requestedAt = now;
        pace.gatherMillis = Math.clamp(pace.decided / OUTCOMES_PER_GATHER_MILLI, 1, MAX_GATHER_MILLIS);
        pace.decided = 0;
    }

    /** Fires once. Kafka Streams has only timers that repeat, so this one cancels itself. */
    private static final class Timer implements Punctuator {

        private final ProcessorContext<?, ?> context;
        private final Pace pace;
        private final Cancellable schedule;

        private Timer(ProcessorContext<?, ?> context, Pace pace, long delayMillis) {
            this.context = context;
            this.pace = pace;
            schedule = context.schedule(Duration.ofMillis(delayMillis), PunctuationType.WALL_CLOCK_TIME, this);
        }

        @Override
        public void punctuate(long now) {
            cancel();
            request(context, pace, now);
        }

        private void cancel() {
            schedule.cancel();
            pace.timer = null;
        }
    }
}

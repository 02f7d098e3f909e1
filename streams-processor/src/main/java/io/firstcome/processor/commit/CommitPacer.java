package io.firstcome.processor.commit;

import java.time.Duration;

import org.apache.kafka.streams.processor.Cancellable;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.ProcessorContext;

/**
 * Requests commits, so that the first outcome after a pause is committed at once and later ones at most {@code
 * interval} later. This holds while the authority keeps up with the log. An authority that is behind serves callers
 * best by deciding more claims per second, so it requests no commit, and the longer commit interval of Kafka Streams
 * applies.
 *
 * <p>One instance serves all stream threads of a client. Each thread has its own pace, because a commit covers all
 * tasks of the thread.
 */
public final class CommitPacer {

    /** A command that is older when it is decided shows that the authority is behind. */
    static final Duration BEHIND = Duration.ofMillis(100);

    private final long intervalMillis;
    private final ThreadLocal<Pace> paces = ThreadLocal.withInitial(Pace::new);

    /** @param interval the least time between two requests of a thread */
    public CommitPacer(Duration interval) {
        intervalMillis = interval.toMillis();
    }

    /** What one stream thread has requested. */
    private static final class Pace {
        private long requestedAt;
        /** Until this time a timer is expected to fire. A timer that is late has ended with its task. */
        private long timerExpectedUntil;
        private Cancellable timer;
    }

    /**
     * Called after every decision, on the stream thread.
     *
     * @param appendTime when the command was appended to the log, in milliseconds since 1970
     */
    public void decided(ProcessorContext<?, ?> context, long appendTime) {
        long now = context.currentSystemTimeMs();
        if (now - appendTime > BEHIND.toMillis()) {
            return;
        }
        Pace pace = paces.get();
        long sinceRequest = now - pace.requestedAt;
        // A negative time means that the clock has stepped back.
        if (sinceRequest >= intervalMillis || sinceRequest < 0) {
            request(context, pace, now);
        } else if (now > pace.timerExpectedUntil) {
            pace.timerExpectedUntil = now + 2 * intervalMillis;
            pace.timer = context.schedule(Duration.ofMillis(intervalMillis - sinceRequest),
                    PunctuationType.WALL_CLOCK_TIME, firedAt -> {
                        pace.timer.cancel();
                        request(context, pace, firedAt);
                    });
        }
    }

    private static void request(ProcessorContext<?, ?> context, Pace pace, long now) {
        context.commit();
        pace.requestedAt = now;
        pace.timerExpectedUntil = 0;
    }
}

package io.firstcome.processor;

import static org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse.REPLACE_THREAD;
import static org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse.SHUTDOWN_CLIENT;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;

import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.firstcome.processor.continuity.LostState;
import io.firstcome.processor.continuity.NewerData;

/**
 * Decides what happens after a stream thread died.
 *
 * <ul>
 * <li>After an exception the thread is replaced, because most causes pass, such as a broker that is down. Each
 * replacement restores the stores, so after {@link #MAX_PER_THREAD} failures per thread within {@link #WINDOW} the
 * client is shut down: the cause is then permanent, such as missing rights.
 * <li>After a {@link LostState} or a {@link NewerData} the client is shut down at once: no restart brings the state
 * back, or teaches this version what a newer one wrote.
 * <li>After a change of the partition count the client is shut down at once, and Kafka's advice to reset the
 * application is not passed on: it would empty the stores.
 * <li>After an {@link Error} the client is shut down at once: the state of the process is unknown.
 * </ul>
 *
 * <p>A client that is shut down fails liveness, see {@link StreamsHealth}.
 */
final class ThreadFailures implements StreamsUncaughtExceptionHandler {

    static final int MAX_PER_THREAD = 3;
    static final Duration WINDOW = Duration.ofMinutes(5);

    private static final Logger LOG = LoggerFactory.getLogger(ThreadFailures.class);
    private static final String PARTITIONS_CHANGED = "coupon-commands and the changelogs have different partition"
            + " counts: partitions were added to a topic. Do not reset the application, because that would empty the"
            + " stores: see \"Partitions were added to a topic\" in docs/operations.md";

    private final int max;
    private final InstantSource clock;
    private final Consumer<String> refused;
    private final Deque<Instant> recent = new ArrayDeque<>();

    /** @param refused is called with the reason when the authority refuses to run */
    ThreadFailures(int threads, InstantSource clock, Consumer<String> refused) {
        this.max = MAX_PER_THREAD * threads;
        this.clock = clock;
        this.refused = refused;
    }

    @Override
    public synchronized StreamThreadExceptionResponse handle(Throwable failure) {
        RuntimeException refusal = causeOf(failure, LostState.class);
        if (refusal == null) {
            refusal = causeOf(failure, NewerData.class);
        }
        if (refusal != null) {
            LOG.error("{}", refusal.getMessage());
            refused.accept(refusal.getMessage());
            return SHUTDOWN_CLIENT;
        }
        if (advisesReset(failure)) {
            LOG.error("{}", PARTITIONS_CHANGED);
            refused.accept(PARTITIONS_CHANGED);
            return SHUTDOWN_CLIENT;
        }
        if (causeOf(failure, Error.class) != null) {
            LOG.error("stream thread died of an error, response {}", SHUTDOWN_CLIENT, failure);
            return SHUTDOWN_CLIENT;
        }
        Instant now = clock.instant();
        recent.removeIf(earlier -> earlier.isBefore(now.minus(WINDOW)));
        recent.add(now);
        StreamThreadExceptionResponse response = recent.size() > max ? SHUTDOWN_CLIENT : REPLACE_THREAD;
        LOG.error("stream thread died, failure {} of at most {} within {}, response {}", recent.size(), max, WINDOW,
                response, failure);
        return response;
    }

    /** Kafka Streams says so when the topic and the changelogs have different partition counts. */
    private static boolean advisesReset(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (String.valueOf(cause.getMessage()).contains("StreamsResetter")) {
                return true;
            }
        }
        return false;
    }

    /** Kafka Streams passes a failure on as it is or as the cause of an exception. Null when it is another failure. */
    private static <T extends Throwable> T causeOf(Throwable failure, Class<T> type) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (type.isInstance(cause)) {
                return type.cast(cause);
            }
        }
        return null;
    }
}

package io.firstcome.kit.kafka;

import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.InvalidReplicationFactorException;
import org.apache.kafka.common.errors.RetriableException;

/**
 * Questions to the brokers about topics that may have just been created. Each broker learns of a new topic, and of a
 * new broker, at its own time. So one broker may not know a topic that another one has already described.
 */
public final class TopicLookup {

    /** How long a broker may take to learn of a topic, or of another broker. */
    public static final Duration TIMEOUT = Duration.ofSeconds(30);

    private static final Duration RETRY_INTERVAL = Duration.ofMillis(50);

    private TopicLookup() {}

    /**
     * The descriptions of topics that exist.
     *
     * @throws ExecutionException when a topic is not known to the brokers after 30 s, or cannot be described
     * @throws TimeoutException when no broker answers within 30 s
     */
    public static Map<String, TopicDescription> describe(Admin admin, Collection<String> topics)
            throws ExecutionException, TimeoutException, InterruptedException {
        return retry(() -> admin.describeTopics(topics).allTopicNames());
    }

    /** Repeats a request for up to 30 s while the broker that answers does not know enough for it yet. */
    public static <T> T retry(Supplier<KafkaFuture<T>> request)
            throws ExecutionException, TimeoutException, InterruptedException {
        long deadline = System.nanoTime() + TIMEOUT.toNanos();
        while (true) {
            try {
                return request.get().get(TIMEOUT.toNanos(), TimeUnit.NANOSECONDS);
            } catch (ExecutionException e) {
                if (!mayPass(e.getCause()) || System.nanoTime() - deadline > 0) {
                    throw e;
                }
                Thread.sleep(RETRY_INTERVAL);
            }
        }
    }

    /** Whether the same request may succeed soon: it came too early, or a broker is away. */
    public static boolean mayPass(Throwable failure) {
        return failure instanceof RetriableException || failure instanceof InvalidReplicationFactorException;
    }
}

package io.firstcome.kit.instances;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.stream.Collectors;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * The instances of one service, which take turns. An instance that did not answer is passed over for some seconds while
 * others answer. Requests must be safe to repeat (RFC 9110, section 9.2.2): one that fails is sent to the next
 * instance.
 */
public final class Instances {

    private static final Logger LOG = LoggerFactory.getLogger(Instances.class);
    private static final Duration PASSED_OVER = Duration.ofSeconds(5);

    private final String name;
    private final List<Instance> all;
    private final LongSupplier nanoTime;
    private final AtomicInteger turn = new AtomicInteger();

    private static final class Instance {

        private final URI url;
        private final AtomicBoolean isReachable = new AtomicBoolean(true);
        private volatile long failedAtNanos;

        Instance(URI url) {
            this.url = url;
        }

        boolean isPassedOver(long now) {
            return !isReachable.get() && now - failedAtNanos < PASSED_OVER.toNanos();
        }
    }

    /** Sends a request to one instance. */
    @FunctionalInterface
    public interface Request<T> {

        /**
         * Sends the request without blocking.
         *
         * @param timeout how long the whole answer may take
         */
        CompletableFuture<T> send(URI instance, Duration timeout);
    }

    /**
     * @param name names the service in log lines
     * @param urls the base URLs of the instances, one or more
     */
    public Instances(String name, List<URI> urls) {
        this(name, urls, System::nanoTime);
    }

    Instances(String name, List<URI> urls, LongSupplier nanoTime) {
        this.name = name;
        this.all = urls.stream().map(Instance::new).toList();
        this.nanoTime = nanoTime;
    }

    /**
     * Asks the instances one after the other until one of them answers. Each gets an equal share of the time that is
     * left, so that an instance that hangs leaves time for the next one.
     *
     * @param timeout for all instances together
     * @param isUnavailable whether an answer says that this instance cannot serve the request now; then the next
     *     instance is asked too
     * @return the first answer that is available, else the last other answer; fails with the last failure when no
     *     instance gives an answer
     */
    public <T> CompletableFuture<T> ask(Duration timeout, Request<T> request, Predicate<T> isUnavailable) {
        var call = new Call<>(request, isUnavailable, System.nanoTime() + timeout.toNanos(), inOrder());
        call.askNext(Optional.empty());
        return call.result;
    }

    /** The instances whose turn it is first; those that are passed over come last. */
    private Deque<Instance> inOrder() {
        int first = Math.floorMod(turn.getAndIncrement(), all.size());
        List<Instance> order = new ArrayList<>(all.subList(first, all.size()));
        order.addAll(all.subList(0, first));
        // Each instance is asked about once: its answer may change at any moment, and none may be left out.
        long now = nanoTime.getAsLong();
        Map<Boolean, List<Instance>> byPassedOver = order.stream()
                .collect(Collectors.partitioningBy(instance -> instance.isPassedOver(now)));
        Deque<Instance> result = new ArrayDeque<>(byPassedOver.get(false));
        result.addAll(byPassedOver.get(true));
        return result;
    }

    private final class Call<T> {

        private final Request<T> request;
        private final Predicate<T> isUnavailable;
        private final long deadline;
        private final Deque<Instance> left;
        private final CompletableFuture<T> result = new CompletableFuture<>();

        Call(Request<T> request, Predicate<T> isUnavailable, long deadline, Deque<Instance> left) {
            this.request = request;
            this.isUnavailable = isUnavailable;
            this.deadline = deadline;
            this.left = left;
        }

        /** @param unavailable the answer of an earlier instance that could not serve the request */
        void askNext(Optional<T> unavailable) {
            Instance instance = left.remove();
            Duration share = Duration.ofNanos(Math.max(1, (deadline - System.nanoTime()) / (left.size() + 1)));
            // What throws, such as a request that cannot be built, is a failure of the call and not of its thread.
            CompletableFuture.completedFuture(instance.url).thenCompose(url -> request.send(url, share))
                    .thenApply(answer -> new Answer<>(answer, !isUnavailable.test(answer)))
                    .whenComplete((answer, failure) -> {
                        note(instance, failure);
                        boolean isServed = failure == null && answer.isServed();
                        Optional<T> best = failure == null ? Optional.of(answer.value()) : unavailable;
                        if (!isServed && !left.isEmpty() && deadline - System.nanoTime() > 0) {
                            askNext(best);
                        } else if (best.isPresent()) {
                            result.complete(best.get());
                        } else {
                            result.completeExceptionally(cause(failure));
                        }
                    });
        }
    }

    private record Answer<T>(T value, boolean isServed) {}

    private void note(Instance instance, Throwable failure) {
        if (failure == null) {
            if (!instance.isReachable.getAndSet(true)) {
                LOG.info("{} at {} answers again", name, instance.url);
            }
            return;
        }
        instance.failedAtNanos = nanoTime.getAsLong();
        // Only the first failure at warn level: each caller could fill the log.
        LOG.atLevel(instance.isReachable.getAndSet(false) ? Level.WARN : Level.DEBUG).log(
                "{} at {} does not answer: {}", name, instance.url, cause(failure).toString());
    }

    private static Throwable cause(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }
}

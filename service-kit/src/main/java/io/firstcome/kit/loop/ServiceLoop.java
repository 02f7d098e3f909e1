package io.firstcome.kit.loop;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.micrometer.core.instrument.MeterRegistry;

/**
 * A named platform thread that repeats a step until it is closed. All service loops share its failure policy:
 *
 * <ul>
 * <li>A {@link RuntimeException} is logged (each kind once until a step succeeds), counted, and the step is repeated
 * after a {@link Backoff} that ends at once on {@link #close}. A loop without a backoff ends instead.
 * <li>Any other {@link Throwable} ends the loop: after an {@link Error} the state of the process is unknown. It is
 * logged once with its stack trace, and {@link #problem} reports it from then on. Pass that method to
 * {@link io.firstcome.kit.health.Health#liveWhen}: {@code /livez} answers 503, and a process that
 * {@link io.firstcome.kit.service.ServiceMain} runs ends.
 * <li>A RuntimeException or {@link InterruptedException} after {@link #close} has begun is the normal end, such as
 * Kafka's {@code WakeupException}; an {@link Error} is not.
 * </ul>
 *
 * <pre>{@code
 * loop = ServiceLoop.named("coupon-outcomes-tail", this::step, meters)
 *         .retry(Backoff.exponential(Duration.ofMillis(100), Duration.ofSeconds(2)))
 *         .onClose(consumer::wakeup)
 *         .onEnd(consumer::close)
 *         .build();
 * loop.start();
 * }</pre>
 */
public final class ServiceLoop implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ServiceLoop.class);

    /** One pass of a loop. It may block until {@link Builder#onClose} wakes it up. */
    @FunctionalInterface
    public interface Step {

        /** @throws InterruptedException when the loop is closed while the step waits */
        void run() throws InterruptedException;
    }

    private final String name;
    private final Step step;
    private final Optional<Backoff> backoff;
    private final RetryState retries;
    private final Consumer<RuntimeException> onFailure;
    private final Runnable onClose;
    private final Runnable onEnd;
    private final Duration closeTimeout;
    private final Thread thread;
    private final CountDownLatch closing = new CountDownLatch(1);
    private volatile Throwable death;

    private ServiceLoop(Builder builder) {
        name = builder.name;
        step = builder.step;
        backoff = Optional.ofNullable(builder.backoff);
        retries = new RetryState(name, backoff.orElse(Backoff.NONE), builder.meters);
        onFailure = builder.onFailure;
        onEnd = builder.onEnd;
        closeTimeout = builder.closeTimeout;
        thread = Thread.ofPlatform().daemon(builder.daemon).name(name).unstarted(this::run);
        onClose = builder.onClose == null ? thread::interrupt : builder.onClose;
    }

    /**
     * A loop to be configured, built and started.
     *
     * @param name the name of the thread, in log lines, and in the tag {@code loop} of {@code firstcome.loop.failures}
     * @param step what the loop repeats
     */
    public static Builder named(String name, Step step, MeterRegistry meters) {
        return new Builder(name, step, meters);
    }

    /** Starts the thread. */
    public void start() {
        thread.start();
    }

    private void run() {
        try {
            while (!isClosing()) {
                takeStep();
            }
        } catch (Throwable e) {
            if (isClosing() && (e instanceof RuntimeException || e instanceof InterruptedException)) {
                LOG.debug("{} was woken up to close", name, e);
            } else {
                // First what probes read: after an OutOfMemoryError logging may fail too.
                death = e;
                LOG.error("{} has ended; only a restart of the process helps", name, e);
            }
        } finally {
            onEnd.run();
        }
    }

    private void takeStep() throws InterruptedException {
        try {
            step.run();
            retries.succeeded();
        } catch (RuntimeException e) {
            if (isClosing() || backoff.isEmpty()) {
                throw e;
            }
            Duration wait = retries.failed(e);
            onFailure.accept(e);
            closing.await(wait.toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    /** Whether {@link #close} has begun. Steps that do much may look in between. */
    public boolean isClosing() {
        return closing.getCount() == 0;
    }

    /** Why the loop ended although it was not closed; empty while it runs and after a normal end. For liveness. */
    public Optional<String> problem() {
        return Optional.ofNullable(death).map(cause -> "ended because of " + cause);
    }

    /** The failure of the last step, while the loop retries; empty once a step has succeeded. For readiness. */
    public Optional<String> failure() {
        return retries.problem();
    }

    /** Tells the loop to end after the step under way, and does not wait for that. */
    public void beginClose() {
        closing.countDown();
        onClose.run();
    }

    /**
     * Tells the loop to end and waits until it has. A thread that does not end within the time limit is left behind: a
     * step that hangs must not keep the process from stopping.
     */
    @Override
    public void close() {
        beginClose();
        if (thread.getState() == Thread.State.NEW) {
            onEnd.run();
            return;
        }
        try {
            if (!thread.join(closeTimeout)) {
                LOG.warn("{} did not end within {} and is left behind", name, closeTimeout);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The parts of a loop that have a default. */
    public static final class Builder {

        private final String name;
        private final Step step;
        private final MeterRegistry meters;
        private Backoff backoff;
        private Consumer<RuntimeException> onFailure = _ -> {};
        private Runnable onClose;
        private Runnable onEnd = () -> {};
        private Duration closeTimeout = Duration.ofSeconds(40);
        private boolean daemon;

        private Builder(String name, Step step, MeterRegistry meters) {
            this.name = name;
            this.step = step;
            this.meters = meters;
        }

        /** Repeats the step after a RuntimeException. By default the loop ends. */
        public Builder retry(Backoff policy) {
            this.backoff = policy;
            return this;
        }

        /** Runs on the loop's thread after each RuntimeException that is retried, before the wait. */
        public Builder onFailure(Consumer<RuntimeException> action) {
            this.onFailure = action;
            return this;
        }

        /** How {@link ServiceLoop#close} wakes up a step that blocks. By default the thread is interrupted. */
        public Builder onClose(Runnable action) {
            this.onClose = action;
            return this;
        }

        /** Runs on the loop's thread as its last act, however the loop ends: where clients are closed. */
        public Builder onEnd(Runnable action) {
            this.onEnd = action;
            return this;
        }

        /** How long {@link ServiceLoop#close} waits for the step under way, 40 s by default. */
        public Builder closeTimeout(Duration limit) {
            this.closeTimeout = limit;
            return this;
        }

        /** For a loop that is never closed: it does not keep the process running. */
        public Builder daemon() {
            this.daemon = true;
            return this;
        }

        /** The loop, not started: it can be kept in a field that its steps read. */
        public ServiceLoop build() {
            return new ServiceLoop(this);
        }
    }
}

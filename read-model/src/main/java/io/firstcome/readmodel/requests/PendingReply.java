package io.firstcome.readmodel.requests;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

import io.firstcome.contract.CouponOutcome;
import io.firstcome.readmodel.requests.RequestStatus.Subject;

/** A future outcome of one request. The {@link RequestTracker} completes it; {@link #close} ends the wait. */
public final class PendingReply implements AutoCloseable {

    private final Subject subject;
    private final Consumer<PendingReply> onClose;
    private final CompletableFuture<CouponOutcome> outcome = new CompletableFuture<>();

    PendingReply(Subject subject, Consumer<PendingReply> onClose) {
        this.subject = subject;
        this.onClose = onClose;
    }

    /**
     * Waits for the outcome.
     *
     * @return empty when no outcome was read within the timeout, or when the tracker was closed
     */
    public Optional<CouponOutcome> await(Duration timeout) throws InterruptedException {
        try {
            return Optional.ofNullable(outcome.get(timeout.toNanos(), TimeUnit.NANOSECONDS));
        } catch (TimeoutException e) {
            return Optional.empty();
        } catch (ExecutionException e) {
            throw new IllegalStateException("a reply never completes with an exception", e);
        }
    }

    /**
     * The outcome, for a caller who does not block. The timers of all such waits share one thread of the JDK.
     *
     * @return completes on a new virtual thread: empty when no outcome was read within the timeout, after
     *     {@link #giveUp}, or when the tracker was closed
     */
    public CompletionStage<Optional<CouponOutcome>> within(Duration timeout) {
        return outcome.completeOnTimeout(null, timeout.toNanos(), TimeUnit.NANOSECONDS)
                .thenApplyAsync(Optional::ofNullable, Thread::startVirtualThread);
    }

    /** Ends the wait without an outcome: the caller has left. */
    public void giveUp() {
        completeWithoutOutcome();
    }

    @Override
    public void close() {
        onClose.accept(this);
    }

    Subject subject() {
        return subject;
    }

    void complete(CouponOutcome read) {
        outcome.complete(read);
    }

    void completeWithoutOutcome() {
        outcome.complete(null);
    }
}

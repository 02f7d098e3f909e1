package io.firstcome.readmodel.requests;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;

import io.firstcome.contract.CouponOutcome;
import io.firstcome.contract.CouponOutcome.CouponIssued;
import io.firstcome.readmodel.requests.RequestStatus.Subject;

/**
 * Somebody waits for the answer to one sending of a request. An answer counts only if it was decided no earlier than the
 * sending was appended: otherwise it belongs to an earlier sending of the same request, and the authority may yet say
 * something else. An issue always counts, for it is never taken back and a repetition is answered with the very same
 * one.
 */
public final class PendingReply implements AutoCloseable {

    private final RequestTracker board;
    private final Subject subject;
    private final Predicate<CouponOutcome> concerns;
    private final CompletableFuture<CouponOutcome> answer = new CompletableFuture<>();
    private final CompletableFuture<Void> news = new CompletableFuture<>();
    private Instant appendedAt;

    /** @param concerns whose answers count */
    PendingReply(RequestTracker board, Subject subject, Predicate<CouponOutcome> concerns) {
        this.board = board;
        this.subject = subject;
        this.concerns = concerns;
    }

    /** The sending stands in the log since {@code at}, the broker's time. */
    public void acknowledged(Instant at) {
        board.acknowledged(this, at);
    }

    /**
     * Waits for the answer.
     *
     * @return empty when it has not come in time, or the board was closed
     */
    public Optional<CouponOutcome> await(Duration patience) throws InterruptedException {
        try {
            return Optional.ofNullable(answer.get(patience.toNanos(), TimeUnit.NANOSECONDS));
        } catch (TimeoutException e) {
            return Optional.empty();
        } catch (ExecutionException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Waits until anything has been read of the request, or the board is closed. */
    void awaitNews(Duration patience) throws InterruptedException {
        try {
            news.get(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            // Nothing has been read of it.
        } catch (ExecutionException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    @Override
    public void close() {
        board.forget(this);
    }

    Subject subject() {
        return subject;
    }

    void appended(Instant at) {
        appendedAt = at;
    }

    void heardOf() {
        news.complete(null);
    }

    void offer(CouponOutcome outcome) {
        heardOf();
        if (appendedAt != null && concerns.test(outcome) && answers(outcome, appendedAt)) {
            answer.complete(outcome);
        }
    }

    void giveUp() {
        heardOf();
        answer.complete(null);
    }

    static boolean answers(CouponOutcome outcome, Instant appendedAt) {
        return outcome instanceof CouponIssued || !outcome.decidedAt().isBefore(appendedAt);
    }
}

package io.firstcome.ingress.commands;

import java.time.Duration;

import io.firstcome.contract.CouponCommand;
import io.firstcome.contract.CouponOutcome;
import io.firstcome.ingress.publishing.CommandPublisher;
import io.firstcome.ingress.publishing.Publication.Appended;
import io.firstcome.ingress.publishing.Publication.NotSent;
import io.firstcome.ingress.publishing.Publication.Unknown;
import io.firstcome.kit.http.Problem;
import io.firstcome.kit.http.ProblemException;
import io.firstcome.kit.http.ProblemType;
import io.firstcome.readmodel.requests.PendingReply;
import io.firstcome.readmodel.requests.RequestTracker;

/** Appends a command to the log and waits for the authority's decision. */
public final class DecidedCommands {

    private final CommandPublisher publisher;
    private final RequestTracker tracker;
    private final Duration timeout;

    /** @param timeout how long to wait for the authority's decision */
    public DecidedCommands(CommandPublisher publisher, RequestTracker tracker, Duration timeout) {
        this.publisher = publisher;
        this.tracker = tracker;
        this.timeout = timeout;
    }

    /**
     * Executes a command.
     *
     * @return the committed decision
     * @throws ProblemException 503 when the log does not take the command, or the decision does not come in time
     */
    public CouponOutcome decide(CouponCommand command) throws InterruptedException {
        try (PendingReply reply = tracker.expect(command)) {
            switch (publisher.publish(command).toCompletableFuture().join()) {
                case Appended appended -> tracker.acknowledged(reply, appended.at());
                case Unknown _ -> throw failure(command, Problem.of(ProblemType.OUTCOME_UNKNOWN));
                case NotSent _ -> throw failure(command, Problem.of(ProblemType.UNAVAILABLE));
            }
            return reply.await(timeout)
                    .orElseThrow(() -> failure(command, Problem.of(ProblemType.OUTCOME_UNKNOWN)));
        }
    }

    /** The problem as the answer to a command. */
    public static ProblemException failure(CouponCommand command, Problem problem) {
        return new ProblemException(
                problem.with("requestId", command.requestId()).with("couponId", command.couponId()));
    }
}

package io.firstcome.readmodel.requests;

import java.time.Instant;

import io.firstcome.readmodel.requests.RequestStatus.Subject;

/** What a {@link PendingReply} waits for. {@link RequestTransitions#completes} tells which outcome completes it. */
sealed interface Awaited {

    /** The answer to a command that the log has not acknowledged yet: no outcome counts. */
    record Acknowledgement() implements Awaited {}

    /** The answer to a command of this subject that the log appended at {@code appendedAt}. */
    record AnswerTo(Subject subject, Instant appendedAt) implements Awaited {}

    /** Any answer to a claim, except answers to sendings from before {@code appendedAt}. */
    record AnyAnswer(Instant appendedAt) implements Awaited {}

    /** Any change of a request's status, not only an outcome. */
    record AnyChange() implements Awaited {}
}

package io.firstcome.readmodel.tail;

/**
 * Whether a part of the log (a partition, a topic, several topics) has been read up to now. Memory may answer for the
 * log only while the status is current. The status changes at any time, so ask again for each answer.
 */
@FunctionalInterface
public interface CatchUpStatus {

    /** Whether everything has been read that was committed at some moment within the last fifteen seconds. */
    boolean isCurrent();

    /** The status of several parts together: current while all of them are. */
    static CatchUpStatus all(CatchUpStatus... parts) {
        return () -> {
            for (CatchUpStatus part : parts) {
                if (!part.isCurrent()) {
                    return false;
                }
            }
            return true;
        };
    }
}

package io.firstcome.standalone.check.log;

/** The committed records of a running system, read further and further. */
public interface CommittedLog {

    /**
     * Reads everything that is committed now: the outcomes first, so that the command of each outcome is read too.
     */
    void readOn();

    /** What was read so far. */
    History history();

    /** The committed end of {@code coupon-outcomes} at this moment. */
    Cut outcomeEnd();

    /**
     * Up to where the authority has decided the commands, as far as it has committed. A partition of which nothing was
     * decided is missing.
     */
    Cut decided() throws InterruptedException;
}

package io.firstcome.standalone.check;

/** Receives the progress of a check. */
public interface CheckProgress {

    /** Reading the log begins. */
    void reading(long records);

    /** Some records of the log were read. */
    void read(long records);

    /** A part is compared with the log now. */
    void comparing(String part);
}

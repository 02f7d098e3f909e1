package io.firstcome.sink.rebuild;

/** Follows a rebuild. */
public interface RebuildProgress {

    /** The number of coupons and of their holders is known. More holders may be added meanwhile. */
    void started(int coupons, long holders);

    /** Holders were stored. */
    void stored(int holders);
}

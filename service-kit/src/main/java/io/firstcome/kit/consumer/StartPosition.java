package io.firstcome.kit.consumer;

/** Where reading a partition starts, as its store decides. */
public sealed interface StartPosition {

    /**
     * Reading starts here.
     *
     * @param offset the store's position: the first offset that the store does not hold
     */
    record At(long offset) implements StartPosition {}

    /**
     * The partition is not read until a person has acted. The store is asked again every few seconds, because its
     * position may have been changed.
     *
     * @param why what is wrong and what to do, in one line for an operator
     */
    record Stopped(String why) implements StartPosition {}
}

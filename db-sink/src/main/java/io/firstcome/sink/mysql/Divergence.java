package io.firstcome.sink.mysql;

/** The table contradicts the log. A person has to find out which of them is right. */
final class Divergence extends Exception {

    private static final long serialVersionUID = 1L;

    Divergence(String message) {
        super(message);
    }
}

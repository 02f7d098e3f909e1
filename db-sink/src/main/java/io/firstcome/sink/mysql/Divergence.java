package io.firstcome.sink.mysql;

/** The table holds something else than the log says. Nobody can tell which is right without looking. */
final class Divergence extends Exception {

    private static final long serialVersionUID = 1L;

    Divergence(String message) {
        super(message);
    }
}

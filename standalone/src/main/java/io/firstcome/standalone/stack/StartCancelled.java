package io.firstcome.standalone.stack;

/** The stack was told to stop before it had started: what its stopper wanted, and no failure. */
public final class StartCancelled extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** @param consequence what failed because of the stop, or null */
    StartCancelled(Throwable consequence) {
        super(consequence);
    }
}

package io.firstcome.standalone.stack;

/** The stack was closed during its start, for example by Ctrl-C. This is not an error. */
public final class StartCancelled extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** @param consequence the exception that closing caused in the start, or null */
    StartCancelled(Throwable consequence) {
        super(consequence);
    }
}

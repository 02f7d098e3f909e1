package io.firstcome.kit.consumer;

/**
 * The store cannot be reached or does not accept writes at the moment. Unlike after other exceptions only the message
 * is logged, without a stack trace.
 */
public final class StoreUnavailable extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** @param message the reason in one line */
    public StoreUnavailable(String message, Throwable cause) {
        super(message, cause);
    }
}

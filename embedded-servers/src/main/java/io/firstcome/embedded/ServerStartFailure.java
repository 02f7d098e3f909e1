package io.firstcome.embedded;

/** A server did not start. The message is one line for the person who started it, and says what to do about it. */
public final class ServerStartFailure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    ServerStartFailure(String message) {
        super(message);
    }

    ServerStartFailure(String message, Throwable cause) {
        super(message, cause);
    }
}

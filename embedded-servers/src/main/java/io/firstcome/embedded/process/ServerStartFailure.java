package io.firstcome.embedded.process;

/** A server could not be started. The message is one line that names the problem and a remedy. */
public final class ServerStartFailure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public ServerStartFailure(String message) {
        super(message);
    }

    public ServerStartFailure(String message, Throwable cause) {
        super(message, cause);
    }
}

package io.firstcome.kit.service;

/** Why a service did not start, in one line that an operator can act on without a stack trace. */
public final class StartFailure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** @param whatToDo one line: what is wrong and what to do about it */
    public StartFailure(String whatToDo) {
        super(whatToDo);
    }

    /** @param whatToDo one line: what is wrong and what to do about it */
    public StartFailure(String whatToDo, Throwable cause) {
        super(whatToDo, cause);
    }
}

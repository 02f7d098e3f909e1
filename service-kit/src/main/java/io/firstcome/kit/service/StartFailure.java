package io.firstcome.kit.service;

/** Why a service did not start, in one line for the person who can mend it: no stack trace is needed to act on it. */
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

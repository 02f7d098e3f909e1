package io.firstcome.standalone.cli.terminal;

import io.firstcome.kit.service.ServiceMain;

/** The exit codes of all commands. {@code docs/operations.md} lists them. */
public final class ExitCode {

    /** Done, and the answer is yes: the guarantees hold, the coupon is issued, everything is up. */
    public static final int OK = 0;

    /** Done, and the answer is no: a guarantee is violated, the claim or the change is rejected, a part is down. */
    public static final int NO = 1;

    /** Not done: the arguments are wrong, or nothing answers. One line on standard error says what to do. */
    public static final int CANNOT = ServiceMain.CANNOT_START;

    /** Not known: a guarantee could not be checked, a claim is undecided, or the answer to a command was lost. */
    public static final int UNKNOWN = 3;

    /** Ctrl-C during a start: 128 plus the number of SIGINT, as shells have it. */
    public static final int INTERRUPTED = 130;

    private ExitCode() {}
}

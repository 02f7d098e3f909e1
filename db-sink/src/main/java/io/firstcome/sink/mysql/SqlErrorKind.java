package io.firstcome.sink.mysql;

import java.sql.SQLException;
import java.util.Set;

/** What the failure of a statement says about the batch that it belongs to. */
enum SqlErrorKind {
    /** A row with one of its keys stands there already. */
    DUPLICATE,
    /** Another transaction was in the way; the same may well work the next time. */
    CONTENTION,
    /** The server will not have one of the values, now or later. */
    REFUSED,
    /** Everything else: the server is away, or not in a state to write. Nothing is wrong with the data. */
    UNAVAILABLE;

    private static final int DUPLICATE_ENTRY = 1062;
    private static final Set<Integer> LOCK_WAIT_OR_DEADLOCK = Set.of(1205, 1213);
    /** Null where none may be, a wrong string, and the check constraints of MySQL and of MariaDB. */
    private static final Set<Integer> WRONG_VALUES = Set.of(1048, 1366, 3819, 4025);
    /** Standard SQL's class of data errors, and the class that triggers signal with. */
    private static final Set<String> WRONG_VALUE_CLASSES = Set.of("22", "45");

    static SqlErrorKind of(SQLException e) {
        int code = e.getErrorCode();
        if (code == DUPLICATE_ENTRY) {
            return DUPLICATE;
        }
        if (LOCK_WAIT_OR_DEADLOCK.contains(code)) {
            return CONTENTION;
        }
        return WRONG_VALUES.contains(code) || WRONG_VALUE_CLASSES.contains(stateClass(e)) ? REFUSED : UNAVAILABLE;
    }

    private static String stateClass(SQLException e) {
        String state = e.getSQLState();
        return state == null || state.length() < 2 ? "" : state.substring(0, 2);
    }
}

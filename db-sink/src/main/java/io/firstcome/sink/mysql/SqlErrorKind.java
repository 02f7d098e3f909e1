package io.firstcome.sink.mysql;

import java.sql.SQLException;
import java.util.Set;

/** The kinds of failures of a statement, by what to do with its batch. */
enum SqlErrorKind {
    /** A row with the same key exists. */
    DUPLICATE,
    /** A deadlock or a lock timeout. The same transaction may succeed when it is repeated. */
    CONTENTION,
    /** The server rejects one of the values, now and later. */
    INVALID_VALUE,
    /** Every other failure: the server cannot be reached or cannot write. The data is not the cause. */
    UNAVAILABLE;

    private static final int DUPLICATE_ENTRY = 1062;
    private static final Set<Integer> LOCK_WAIT_OR_DEADLOCK = Set.of(1205, 1213);
    /** Null in a NOT NULL column, an invalid string, and the check constraints of MySQL and of MariaDB. */
    private static final Set<Integer> INVALID_VALUES = Set.of(1048, 1366, 3819, 4025);
    /** The SQLSTATE classes of data exceptions and of SIGNAL in triggers. */
    private static final Set<String> INVALID_VALUE_CLASSES = Set.of("22", "45");

    static SqlErrorKind of(SQLException e) {
        int code = e.getErrorCode();
        if (code == DUPLICATE_ENTRY) {
            return DUPLICATE;
        }
        if (LOCK_WAIT_OR_DEADLOCK.contains(code)) {
            return CONTENTION;
        }
        boolean invalidValue = INVALID_VALUES.contains(code) || INVALID_VALUE_CLASSES.contains(stateClass(e));
        return invalidValue ? INVALID_VALUE : UNAVAILABLE;
    }

    private static String stateClass(SQLException e) {
        String state = e.getSQLState();
        return state == null || state.length() < 2 ? "" : state.substring(0, 2);
    }
}

package io.firstcome.sink.database;

import java.sql.SQLException;
import java.util.Objects;

/** The database could not be reached or did not answer. The message is one line that includes the root cause. */
public final class DatabaseUnavailable extends Exception {

    private static final long serialVersionUID = 1L;

    /** @param cause what the driver or the pool threw */
    public DatabaseUnavailable(SQLException cause) {
        super(inOneLine(cause), cause);
    }

    private static String inOneLine(SQLException e) {
        Throwable root = e;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root == e ? firstLine(e) : firstLine(e) + " (" + firstLine(root) + ")";
    }

    private static String firstLine(Throwable e) {
        return Objects.requireNonNullElse(e.getMessage(), "").lines().findFirst()
                .orElse(e.getClass().getSimpleName());
    }
}

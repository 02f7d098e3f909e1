package io.firstcome.sink.mysql;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Collections;

/** What several tables' statements need. */
final class Sql {

    /** Three ids of 64 ASCII characters, a number, a time and their punctuation. */
    private static final long LARGEST_ROW_BYTES = 256;
    private static final long MOST_ROWS = 1_000;

    private Sql() {}

    /** How many rows one statement may carry, so that it is half as long at most as the server takes. */
    static int rowsPerStatement(Connection connection) throws SQLException {
        try (Statement ask = connection.createStatement();
                ResultSet packet = ask.executeQuery("SELECT @@max_allowed_packet")) {
            packet.next();
            return (int) Math.clamp(packet.getLong(1) / 2 / LARGEST_ROW_BYTES, 1, MOST_ROWS);
        }
    }

    /** {@code element} so many times, with commas between. */
    static String list(int size, String element) {
        return String.join(", ", Collections.nCopies(size, element));
    }

    /**
     * A time as it goes into a DATETIME column. A date and time without a zone passes the driver as it is; an instant
     * would be moved into the connection's zone.
     */
    static LocalDateTime utc(Instant instant) {
        return LocalDateTime.ofInstant(instant, ZoneOffset.UTC);
    }
}

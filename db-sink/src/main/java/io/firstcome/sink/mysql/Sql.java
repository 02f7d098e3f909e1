package io.firstcome.sink.mysql;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Collections;

import com.mysql.cj.jdbc.JdbcConnection;

/** Helpers for the statements of several tables. */
final class Sql {

    /** An upper bound for two ids of 64 and one of 128 ASCII characters, two numbers, a time and punctuation. */
    private static final long MAX_ROW_BYTES = 512;
    private static final long MAX_ROWS = 1_000;

    private Sql() {}

    /** How many rows one statement may carry: it uses at most half of the longest packet that the server accepts. */
    static int rowsPerStatement(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet packet = statement.executeQuery("SELECT @@max_allowed_packet")) {
            packet.next();
            return (int) Math.clamp(packet.getLong(1) / 2 / MAX_ROW_BYTES, 1, MAX_ROWS);
        }
    }

    /**
     * A statement whose text differs from batch to batch. The driver fills in the values: the server would parse the
     * text twice, and it would displace another one from the cache of prepared statements.
     */
    static PreparedStatement prepareOnce(Connection connection, String sql) throws SQLException {
        return connection.unwrap(JdbcConnection.class).clientPrepareStatement(sql);
    }

    /** {@code element} repeated {@code size} times, separated by commas. */
    static String list(int size, String element) {
        return String.join(", ", Collections.nCopies(size, element));
    }

    /**
     * A time for a DATETIME column. The driver converts an instant into the time zone of the connection, but passes a
     * date and time without a zone unchanged.
     */
    static LocalDateTime utc(Instant instant) {
        return LocalDateTime.ofInstant(instant, ZoneOffset.UTC);
    }
}

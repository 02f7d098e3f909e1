package io.firstcome.sink.throughput;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

import io.firstcome.sink.fixture.TestDatabase;

/** How many offsets of all partitions are stored. */
final class StoredOffsets implements AutoCloseable {

    private static final int NO_SUCH_TABLE = 1146;

    private final Connection connection;

    StoredOffsets(TestDatabase test) throws SQLException {
        connection = test.connect();
    }

    /** The sum of all positions; 0 before the sink has created the tables. */
    long sum() throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("SELECT SUM(next_offset) FROM sink_offsets");
                ResultSet row = select.executeQuery()) {
            row.next();
            return row.getLong(1);
        } catch (SQLException e) {
            if (e.getErrorCode() == NO_SUCH_TABLE) {
                return 0;
            }
            throw e;
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}

package io.firstcome.sink.mysql;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * The table that says how far the log is stored. It moves in the same transaction as the rows, and only from the position
 * that the writer knows: whoever has been overtaken finds no such row and changes nothing.
 */
final class SinkOffsets {

    private static final String CREATE = """
            INSERT INTO sink_offsets (topic, kafka_partition, next_offset) VALUES (?, ?, 0)
            ON DUPLICATE KEY UPDATE next_offset = next_offset""";
    private static final String READ = """
            SELECT next_offset FROM sink_offsets WHERE topic = ? AND kafka_partition = ?""";
    private static final String ADVANCE = """
            UPDATE sink_offsets SET next_offset = ? WHERE topic = ? AND kafka_partition = ? AND next_offset = ?""";

    private SinkOffsets() {}

    /**
     * The position; a partition that is new here begins at 0, wherever the log begins by now. The insert also waits for a
     * batch that the partition's former owner has under way: a position read past it would be out of date at once.
     */
    static long readOrCreate(Connection connection, String topic, int partition) throws SQLException {
        try (PreparedStatement create = connection.prepareStatement(CREATE)) {
            create.setString(1, topic);
            create.setInt(2, partition);
            create.executeUpdate();
        }
        try (PreparedStatement read = connection.prepareStatement(READ)) {
            read.setString(1, topic);
            read.setInt(2, partition);
            try (ResultSet row = read.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    /** Whether the position stood where expected, and now stands behind the step. */
    static boolean advance(Connection connection, OffsetStep step) throws SQLException {
        try (PreparedStatement advance = connection.prepareStatement(ADVANCE)) {
            advance.setLong(1, step.next());
            advance.setString(2, step.topic());
            advance.setInt(3, step.partition());
            advance.setLong(4, step.expected());
            return advance.executeUpdate() == 1;
        }
    }
}

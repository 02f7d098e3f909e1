package io.firstcome.sink.mysql;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * The tables with the position of each partition, the first offset that is not stored, and with the id of the topic
 * that the positions belong to. A position moves in the same transaction as the rows, and only from the value that the
 * writer expects. A writer that was replaced without its knowledge matches no row and changes nothing.
 */
final class SinkOffsets {

    private static final String CREATE = """
            INSERT INTO sink_offsets (topic, kafka_partition, next_offset) VALUES (?, ?, 0)
            ON DUPLICATE KEY UPDATE next_offset = next_offset""";
    private static final String READ = """
            SELECT next_offset FROM sink_offsets WHERE topic = ? AND kafka_partition = ?""";
    private static final String ADVANCE = """
            UPDATE sink_offsets SET next_offset = ? WHERE topic = ? AND kafka_partition = ? AND next_offset = ?""";

    private static final String LOCK = """
            SELECT next_offset FROM sink_offsets ORDER BY topic, kafka_partition FOR UPDATE""";

    private static final String CREATE_LOG = """
            INSERT INTO sink_logs (topic, topic_id) VALUES (?, ?) ON DUPLICATE KEY UPDATE topic_id = topic_id""";
    private static final String READ_LOG = """
            SELECT topic_id FROM sink_logs WHERE topic = ?""";

    private SinkOffsets() {}

    /** The stored id of a topic. The first call stores {@code current}. */
    static String topicIdOrCreate(Connection connection, String topic, String current) throws SQLException {
        try (PreparedStatement create = connection.prepareStatement(CREATE_LOG)) {
            create.setString(1, topic);
            create.setString(2, current);
            create.executeUpdate();
        }
        try (PreparedStatement read = connection.prepareStatement(READ_LOG)) {
            read.setString(1, topic);
            try (ResultSet row = read.executeQuery()) {
                row.next();
                return row.getString(1);
            }
        }
    }

    /**
     * The position. A partition without a row starts at 0, even if the log begins later. The insert also waits for a
     * transaction of the partition's former owner: a position read without that wait would be stale at once.
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

    /** Waits for the transactions of all sinks, and keeps new ones waiting until the transaction ends. */
    static void lock(Connection connection) throws SQLException {
        try (PreparedStatement lock = connection.prepareStatement(LOCK)) {
            lock.executeQuery().close();
        }
    }

    /** Moves the position; false if it did not have the expected value. */
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

package io.firstcome.sink.mysql;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;

import javax.sql.DataSource;

import io.firstcome.sink.batch.IssuanceBatch;
import io.firstcome.sink.database.DatabaseUnavailable;
import io.firstcome.sink.mysql.WriteResult.Diverged;
import io.firstcome.sink.mysql.WriteResult.Fenced;
import io.firstcome.sink.mysql.WriteResult.Refused;
import io.firstcome.sink.mysql.WriteResult.Unavailable;
import io.firstcome.sink.mysql.WriteResult.Written;

/**
 * Stores batches. A batch and its position are one transaction. The position is moved first, because its row is also
 * the lock between two writers of one partition.
 */
public final class MySqlWriter {

    private static final int ATTEMPTS = 3;

    private final DataSource connections;
    /** Asked once for all batches; 0 before that and after a failure, because another server may answer next. */
    private volatile int rowsPerStatement;

    /** @param connections connections without auto-commit */
    public MySqlWriter(DataSource connections) {
        this.connections = connections;
    }

    /** The position of a partition; 0 for a partition that the database does not know. */
    public long position(String topic, int partition) throws DatabaseUnavailable {
        try (Connection connection = connections.getConnection()) {
            long position = SinkOffsets.readOrCreate(connection, topic, partition);
            connection.commit();
            return position;
        } catch (SQLException e) {
            throw new DatabaseUnavailable(e);
        }
    }

    /**
     * The id of the topic from which the tables were written.
     *
     * @param current the id that Kafka gives; it is stored when the database knows none
     */
    public String topicId(String topic, String current) throws DatabaseUnavailable {
        try (Connection connection = connections.getConnection()) {
            String stored = SinkOffsets.topicIdOrCreate(connection, topic, current);
            connection.commit();
            return stored;
        } catch (SQLException e) {
            throw new DatabaseUnavailable(e);
        }
    }

    /** Stores a batch and moves the position, or does neither. */
    public WriteResult write(OffsetStep step, IssuanceBatch batch) {
        return repeat(() -> attempt(Optional.of(step), batch));
    }

    /**
     * Stores a batch without moving a position: for outcomes that the position has passed, such as those of dead
     * letters. What the tables hold already is not changed, so this may be repeated, also beside running sinks. While
     * it stores coupons, the sinks wait.
     */
    public WriteResult store(IssuanceBatch batch) {
        return repeat(() -> attempt(Optional.empty(), batch));
    }

    /** One transaction. */
    private interface Attempt {

        WriteResult run() throws SQLException;
    }

    private WriteResult repeat(Attempt transaction) {
        SQLException last = null;
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
            try {
                return transaction.run();
            } catch (SQLException e) {
                Optional<WriteResult> result = finalResult(e);
                if (result.isPresent()) {
                    return result.get();
                }
                last = e;
            }
        }
        return unavailable(last);
    }

    /** The result after a failure; empty when the whole transaction is to be repeated. */
    private Optional<WriteResult> finalResult(SQLException e) {
        return switch (SqlErrorKind.of(e)) {
            case CONTENTION -> Optional.empty();
            case INVALID_VALUE -> Optional.of(new Refused(e.getMessage()));
            case DUPLICATE, UNAVAILABLE -> Optional.of(unavailable(e));
        };
    }

    private Unavailable unavailable(SQLException e) {
        rowsPerStatement = 0;
        return new Unavailable(new DatabaseUnavailable(e).getMessage());
    }

    /**
     * Rolls back at its end what was not committed. The pool does not: it does not see the statements of
     * {@link Sql#prepareOnce}, and the next transaction of the connection would commit what they did.
     */
    private static final class Transaction implements AutoCloseable {

        private final Connection connection;
        private boolean isCommitted;

        Transaction(Connection connection) {
            this.connection = connection;
        }

        void commit() throws SQLException {
            connection.commit();
            isCommitted = true;
        }

        @Override
        public void close() throws SQLException {
            if (!isCommitted) {
                connection.rollback();
            }
        }
    }

    private WriteResult attempt(Optional<OffsetStep> step, IssuanceBatch batch) throws SQLException {
        try (Connection connection = connections.getConnection(); var transaction = new Transaction(connection)) {
            if (step.isPresent()) {
                if (!SinkOffsets.advance(connection, step.get())) {
                    return new Fenced(step.get());
                }
            } else if (!batch.states().isEmpty()) {
                // A sink that has stored issues of a coupon before its row exists must commit before they are counted.
                SinkOffsets.lock(connection);
            }
            Written written = store(connection, batch);
            transaction.commit();
            return written;
        } catch (Divergence e) {
            return new Diverged(e.getMessage());
        }
    }

    private Written store(Connection connection, IssuanceBatch batch) throws SQLException, Divergence {
        if (batch.isEmpty()) {
            return new Written(0, 0, 0);
        }
        int rowLimit = rowsPerStatement;
        if (rowLimit == 0) {
            rowLimit = Sql.rowsPerStatement(connection);
            rowsPerStatement = rowLimit;
        }
        var coupons = new Coupons(rowLimit);
        var issuedCoupons = new IssuedCoupons(rowLimit);
        coupons.apply(connection, batch.states());
        int inserted = issuedCoupons.insert(connection, batch.rows());
        int revoked = issuedCoupons.revoke(connection, batch.revocations());
        coupons.raiseIssued(connection, batch.issued());
        coupons.raiseRevoked(connection, batch.revoked());
        int duplicates = batch.rows().size() - inserted + batch.revocations().size() - revoked;
        return new Written(inserted, revoked, batch.repeats() + duplicates);
    }
}

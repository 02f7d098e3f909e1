package io.firstcome.sink.throughput;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.stream.Collectors.joining;

import java.io.ByteArrayInputStream;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Collections;
import java.util.List;
import java.util.stream.Gatherers;

import com.mysql.cj.jdbc.JdbcStatement;

import io.firstcome.contract.CouponOutcome.CouponIssued;
import io.firstcome.sink.fixture.TestDatabase;

/** What a program without a log, a fence and duplicates does: rows go into the table as fast as the server can. */
final class DirectWrites {

    private static final String COLUMNS = "(coupon_id, user_id, sequence, request_id, issued_at)";
    private static final String LOAD = "LOAD DATA LOCAL INFILE 'rows' INTO TABLE issued_coupons CHARACTER SET ascii "
            + COLUMNS;
    private static final int ROWS_A_STATEMENT = 1_000;
    private static final int STATEMENTS_A_TRANSACTION = 10;

    private DirectWrites() {}

    /** One file for all rows, in the order of the log. */
    static double load(TestDatabase test, List<CouponIssued> rows) throws Exception {
        byte[] file = rows.stream().map(row -> String.join("\t", row.couponId().value(), row.userId().value(),
                String.valueOf(row.sequence()), row.requestId().value(), utc(row).toString().replace('T', ' ')))
                .collect(joining("\n", "", "\n")).getBytes(US_ASCII);
        test.open().close();
        test.execute("SET GLOBAL local_infile = 1");
        try (Connection connection = DriverManager.getConnection(test.url() + "&allowLoadLocalInfile=true");
                Statement load = connection.createStatement()) {
            load.unwrap(JdbcStatement.class).setLocalInfileInputStream(new ByteArrayInputStream(file));
            long begin = System.nanoTime();
            int loaded = load.executeUpdate(LOAD);
            return rate(loaded, rows, begin);
        }
    }

    /** Transactions of several statements of many rows each, over one connection. */
    static double insertMany(TestDatabase test, List<CouponIssued> rows) throws Exception {
        return insert(test, rows, ROWS_A_STATEMENT, STATEMENTS_A_TRANSACTION);
    }

    /** A commit for each row. */
    static double insertOneByOne(TestDatabase test, List<CouponIssued> rows) throws Exception {
        return insert(test, rows, 1, 1);
    }

    private static double insert(TestDatabase test, List<CouponIssued> rows, int rowsAStatement, int statements)
            throws Exception {
        test.open().close();
        try (Connection connection = test.connect()) {
            connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
            connection.setAutoCommit(false);
            long begin = System.nanoTime();
            int stored = 0;
            int uncommitted = 0;
            for (List<CouponIssued> chunk : rows.stream().gather(Gatherers.windowFixed(rowsAStatement)).toList()) {
                stored += insert(connection, chunk);
                if (++uncommitted == statements) {
                    connection.commit();
                    uncommitted = 0;
                }
            }
            connection.commit();
            return rate(stored, rows, begin);
        }
    }

    private static int insert(Connection connection, List<CouponIssued> rows) throws SQLException {
        String sql = "INSERT INTO issued_coupons " + COLUMNS + " VALUES "
                + String.join(", ", Collections.nCopies(rows.size(), "(?, ?, ?, ?, ?)"));
        try (PreparedStatement insert = connection.prepareStatement(sql)) {
            int parameter = 1;
            for (CouponIssued row : rows) {
                insert.setString(parameter++, row.couponId().value());
                insert.setString(parameter++, row.userId().value());
                insert.setLong(parameter++, row.sequence());
                insert.setString(parameter++, row.requestId().value());
                insert.setObject(parameter++, utc(row));
            }
            return insert.executeUpdate();
        }
    }

    private static LocalDateTime utc(CouponIssued row) {
        return LocalDateTime.ofInstant(row.issuedAt(), ZoneOffset.UTC);
    }

    private static double rate(int stored, List<CouponIssued> rows, long begin) {
        double seconds = SinkThroughput.seconds(begin);
        if (stored != rows.size()) {
            throw new IllegalStateException(stored + " of " + rows.size() + " rows were stored");
        }
        return stored / seconds;
    }
}

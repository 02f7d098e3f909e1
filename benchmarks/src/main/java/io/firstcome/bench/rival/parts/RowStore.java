package io.firstcome.bench.rival.parts;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import com.zaxxer.hikari.HikariDataSource;

/** The issued coupons of one rival in a database of its own. A row that exists already is left as it is. */
public final class RowStore implements AutoCloseable {

    /**
     * One issued coupon.
     *
     * @param claimKey what may occur once per coupon: the user, or the id of the request
     */
    public record Row(String couponId, String claimKey) {

        /** Reads {@link #text()} back. */
        public static Row parse(String text) {
            int space = text.indexOf(' ');
            return new Row(text.substring(0, space), text.substring(space + 1));
        }

        /** The row as a record in a topic or a list. Ids contain no spaces. */
        public String text() {
            return couponId + " " + claimKey;
        }
    }

    private static final String CREATE_COUPONS = """
            CREATE TABLE IF NOT EXISTS coupons (
              coupon_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
              remaining BIGINT NOT NULL
            ) ENGINE = InnoDB""";
    private static final String CREATE_ISSUED = """
            CREATE TABLE IF NOT EXISTS issued (
              id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
              coupon_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
              claim_key VARCHAR(128) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
              issued_at DATETIME(3) NOT NULL,
              UNIQUE KEY (coupon_id, claim_key)
            ) ENGINE = InnoDB""";
    private static final String INSERT = "INSERT INTO issued (coupon_id, claim_key, issued_at) VALUES %s"
            + " ON DUPLICATE KEY UPDATE id = id";
    private static final String ROW = "(?, ?, NOW(3))";

    private final HikariDataSource pool;

    /** Opens a pool and creates the tables if they are missing. */
    public RowStore(BenchDatabase database, int connections) throws SQLException {
        pool = database.pool(connections);
        try (Connection connection = pool.getConnection(); Statement statement = connection.createStatement()) {
            statement.execute(CREATE_COUPONS);
            statement.execute(CREATE_ISSUED);
        } catch (SQLException e) {
            pool.close();
            throw e;
        }
    }

    /** Stores a coupon. */
    public void define(String couponId, long stock) throws SQLException {
        try (Connection connection = pool.getConnection();
                PreparedStatement insert = connection.prepareStatement(
                        "INSERT INTO coupons (coupon_id, remaining) VALUES (?, ?)"
                                + " ON DUPLICATE KEY UPDATE coupon_id = coupon_id")) {
            insert.setString(1, couponId);
            insert.setLong(2, stock);
            insert.executeUpdate();
        }
    }

    /** Stores rows by one statement in one transaction. */
    public void insert(List<Row> rows) throws SQLException {
        try (Connection connection = pool.getConnection()) {
            insert(connection, rows);
        }
    }

    /** Stores rows and lowers the remaining stock of their coupons by the rows that are new, in one transaction. */
    public void insertAndCount(List<Row> rows) throws SQLException {
        try (Connection connection = pool.getConnection()) {
            connection.setAutoCommit(false);
            for (Map.Entry<String, List<Row>> coupon : rows.stream()
                    .collect(Collectors.groupingBy(Row::couponId)).entrySet()) {
                lowerRemaining(connection, coupon.getKey(), insert(connection, coupon.getValue()));
            }
            connection.commit();
        }
    }

    private static int insert(Connection connection, List<Row> rows) throws SQLException {
        String insert = INSERT.formatted(String.join(",", Collections.nCopies(rows.size(), ROW)));
        try (PreparedStatement statement = connection.prepareStatement(insert)) {
            int parameter = 1;
            for (Row row : rows) {
                statement.setString(parameter++, row.couponId());
                statement.setString(parameter++, row.claimKey());
            }
            return statement.executeUpdate();
        }
    }

    private static void lowerRemaining(Connection connection, String couponId, int by) throws SQLException {
        try (PreparedStatement update = connection
                .prepareStatement("UPDATE coupons SET remaining = remaining - ? WHERE coupon_id = ?")) {
            update.setInt(1, by);
            update.setString(2, couponId);
            update.executeUpdate();
        }
    }

    /** How many rows of a coupon are committed. */
    public long count(String couponId) throws SQLException {
        try (Connection connection = pool.getConnection();
                PreparedStatement select = connection
                        .prepareStatement("SELECT COUNT(*) FROM issued WHERE coupon_id = ?")) {
            select.setString(1, couponId);
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    @Override
    public void close() {
        pool.close();
    }
}

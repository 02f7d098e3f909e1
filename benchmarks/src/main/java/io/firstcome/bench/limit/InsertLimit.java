package io.firstcome.bench.limit;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

import com.mysql.cj.jdbc.JdbcStatement;
import com.zaxxer.hikari.HikariDataSource;

import io.firstcome.bench.rival.parts.BenchDatabase;
import io.firstcome.bench.system.BenchServers;
import io.firstcome.bench.system.Limit;
import io.firstcome.sink.database.Database;
import io.firstcome.sink.database.DatabaseUnavailable;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

/** How many rows per second one connection writes into a table with the columns and indexes of the sink's table. */
final class InsertLimit implements Limit {

    /** How rows are written. */
    enum Way {
        /** One LOAD DATA for 50,000 rows, which is a transaction of its own. */
        LOAD_DATA(50_000),
        /** Inserts of 1,000 rows, ten of them in a transaction. */
        MULTI_ROW(10_000),
        /** One row in each statement and in each transaction. */
        ROW_BY_ROW(1);

        private final int batch;

        Way(int batch) {
            this.batch = batch;
        }
    }

    private static final String COUPON = "bench";
    private static final String COLUMNS = "(coupon_id, user_id, sequence, request_id, issued_at)";
    private static final String INSERT = "INSERT INTO issued_coupons " + COLUMNS + " VALUES ";
    private static final String LOAD = "LOAD DATA LOCAL INFILE 'rows' INTO TABLE issued_coupons CHARACTER SET ascii"
            + " FIELDS TERMINATED BY ',' " + COLUMNS;
    private static final String ISSUED_AT = "2026-01-01 00:00:00.000";
    private static final int ROWS_PER_STATEMENT = 1_000;

    private final String name;
    private final Way way;
    private final BenchDatabase database;
    private HikariDataSource pool;
    private long next = 1;

    InsertLimit(String name, Way way, BenchServers servers) {
        this.name = name;
        this.way = way;
        this.database = BenchDatabase.named("bench_" + way.name().toLowerCase(), servers);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String unit() {
        return "rows/s";
    }

    /**
     * Measures only the time that the driver and the server take.
     *
     * @throws IllegalStateException for LOAD DATA when the server does not permit it
     */
    @Override
    public double round(Duration duration) throws SQLException {
        if (pool == null) {
            pool = database.pool(1);
            createTables(database);
        }
        try (Connection connection = pool.getConnection(); Statement statement = connection.createStatement()) {
            if (way == Way.LOAD_DATA) {
                requireLocalInfile(statement);
            }
            statement.execute("TRUNCATE TABLE issued_coupons");
            connection.setAutoCommit(way != Way.MULTI_ROW);
            long rows = 0;
            long nanos = 0;
            while (nanos < duration.toNanos()) {
                List<Row> batch = take(way.batch);
                byte[] text = way == Way.LOAD_DATA ? text(batch) : null;
                long start = System.nanoTime();
                switch (way) {
                    case LOAD_DATA -> load(statement, text);
                    case MULTI_ROW -> insertMany(connection, batch);
                    case ROW_BY_ROW -> insert(connection, batch);
                }
                nanos += System.nanoTime() - start;
                rows += batch.size();
            }
            connection.setAutoCommit(true);
            return rows * 1e9 / nanos;
        }
    }

    /** Creates the tables of the sink, by its own migrations. */
    private static void createTables(BenchDatabase database) {
        try (Database tables = Database.open(SinkLimit.settings(database, Map.of()).database(),
                new SimpleMeterRegistry())) {
            tables.prepare();
        } catch (DatabaseUnavailable e) {
            throw new IllegalStateException("the tables could not be created", e);
        }
    }

    private static void requireLocalInfile(Statement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery("SELECT @@local_infile")) {
            row.next();
            if (!row.getBoolean(1)) {
                throw new IllegalStateException(
                        "LOAD DATA LOCAL is off at the server: set the global variable local_infile to 1");
            }
        }
    }

    /** The next rows, in the order of their sequences as in a statement of the sink. */
    private List<Row> take(int count) {
        long from = next;
        next += count;
        return LongStream.range(from, next).mapToObj(sequence -> new Row(Rows.user(sequence), sequence))
                .toList();
    }

    private static byte[] text(List<Row> rows) {
        var text = new StringBuilder();
        for (Row row : rows) {
            text.append(COUPON).append(',').append(row.user()).append(',').append(row.sequence()).append(',')
                    .append(row.requestId()).append(',').append(ISSUED_AT).append('\n');
        }
        return text.toString().getBytes(StandardCharsets.US_ASCII);
    }

    private static void load(Statement statement, byte[] text) throws SQLException {
        statement.unwrap(JdbcStatement.class).setLocalInfileInputStream(new ByteArrayInputStream(text));
        statement.execute(LOAD);
    }

    private static void insertMany(Connection connection, List<Row> rows) throws SQLException {
        for (int from = 0; from < rows.size(); from += ROWS_PER_STATEMENT) {
            insert(connection, rows.subList(from, from + ROWS_PER_STATEMENT));
        }
        connection.commit();
    }

    private static void insert(Connection connection, List<Row> rows) throws SQLException {
        String sql = INSERT + String.join(",", Collections.nCopies(rows.size(), "(?, ?, ?, ?, ?)"));
        try (PreparedStatement insert = connection.prepareStatement(sql)) {
            int parameter = 1;
            for (Row row : rows) {
                insert.setString(parameter++, COUPON);
                insert.setString(parameter++, row.user());
                insert.setLong(parameter++, row.sequence());
                insert.setString(parameter++, row.requestId());
                insert.setString(parameter++, ISSUED_AT);
            }
            insert.executeUpdate();
        }
    }

    @Override
    public void close() {
        if (pool != null) {
            pool.close();
            database.drop();
        }
    }

    private record Row(String user, long sequence) {

        String requestId() {
            return "01938a3c-5f60-7cc2-9d1e-" + user;
        }
    }
}

package io.firstcome.sink.database;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;

import javax.sql.DataSource;

import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;

import io.firstcome.kit.service.StartFailure;
import io.micrometer.core.instrument.MeterRegistry;

/**
 * The connections to MySQL. Each session sets what the sink relies on, because a server may be configured otherwise.
 */
public final class Database implements AutoCloseable {

    /** Access denied, access denied to the database, unknown database, access denied without a password. */
    private static final Set<Integer> WRONG_SETTINGS = Set.of(1045, 1044, 1049, 1698);

    /**
     * Strict mode rejects a value that does not fit instead of truncating it. The short timeouts limit how long a
     * writer that was suspended in mid-transaction blocks its successor with its locks.
     */
    private static final String SESSION = """
            SET SESSION sql_mode = 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION',
              innodb_lock_wait_timeout = 2, wait_timeout = 60""";
    private static final String SESSION_OF_MIGRATIONS = """
            SET SESSION sql_mode = 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION', wait_timeout = 86400""";
    /** Flyway holds its lock on one connection and migrates on another. */
    private static final int MIGRATION_CONNECTIONS = 3;
    /** Limits how long the loop does not poll while the server refuses connections. */
    private static final int CONNECTION_TIMEOUT_MILLIS = 2_000;
    private static final int VALIDATION_MILLIS = 1_000;
    /** Short, because a caller waits for a query and repeats a request that takes too long. */
    private static final int READER_CONNECTION_TIMEOUT_MILLIS = 1_000;
    private static final int READER_SOCKET_TIMEOUT_MILLIS = 3_000;
    /** More than there are texts of statements. */
    private static final int CACHED_STATEMENTS = 20;
    /** Longer than an insert of 1,000 rows. */
    private static final int CACHED_STATEMENT_LENGTH = 50_000;
    /** Shorter than the wait_timeout of the session, so that the pool and not the server closes an idle connection. */
    private static final int IDLE_MILLIS = 30_000;

    private static final int NO_SUCH_TABLE = 1146;

    private final DatabaseSettings settings;
    private final HikariDataSource pool;
    private final HikariDataSource readers;
    private volatile boolean prepared;

    private Database(DatabaseSettings settings, MeterRegistry registry) {
        this.settings = settings;
        this.pool = new HikariDataSource(writersConfiguration(settings, registry));
        this.readers = new HikariDataSource(readersConfiguration(settings, registry));
    }

    /**
     * Opens the pools, whether or not the server can be reached yet.
     *
     * @throws StartFailure when the URL is invalid, or the server rejects user, password or database
     */
    public static Database open(DatabaseSettings settings, MeterRegistry registry) {
        requireUrl(settings);
        try (Connection connection = DriverManager.getConnection(settings.jdbcUrl(), settings.driverProperties())) {
            if (connection.getCatalog() == null || connection.getCatalog().isEmpty()) {
                throw unusable(settings, "the URL names no database");
            }
        } catch (SQLException e) {
            if (WRONG_SETTINGS.contains(e.getErrorCode())) {
                throw unusable(settings, e.getMessage());
            }
        }
        return new Database(settings, registry);
    }

    private static void requireUrl(DatabaseSettings settings) {
        try {
            DriverManager.getDriver(settings.jdbcUrl());
        } catch (SQLException e) {
            throw unusable(settings, "the URL must begin with jdbc:mysql://");
        }
    }

    private static StartFailure unusable(DatabaseSettings settings, String why) {
        return new StartFailure("database " + settings.address() + " cannot be used: " + why
                + ". Set FIRSTCOME_JDBC_URL, FIRSTCOME_DB_USER and FIRSTCOME_DB_PASSWORD.");
    }

    private static HikariConfig configuration(DatabaseSettings settings, MeterRegistry registry) {
        var config = new HikariConfig();
        config.setPoolName("mysql");
        config.setJdbcUrl(settings.jdbcUrl());
        config.setDataSourceProperties(settings.driverProperties());
        config.setMaximumPoolSize(settings.poolSize());
        config.setMinimumIdle(0);
        config.setIdleTimeout(IDLE_MILLIS);
        config.setConnectionTimeout(CONNECTION_TIMEOUT_MILLIS);
        config.setValidationTimeout(VALIDATION_MILLIS);
        config.setInitializationFailTimeout(-1);
        config.setConnectionInitSql(SESSION);
        config.setAutoCommit(false);
        config.setTransactionIsolation("TRANSACTION_READ_COMMITTED");
        config.setMetricRegistry(registry);
        return config;
    }

    /**
     * Connections that no timeout ends: one waits for minutes while the server changes a large table, and the one with
     * Flyway's lock is idle meanwhile.
     */
    static HikariConfig migrationConfiguration(DatabaseSettings settings) {
        HikariConfig config = configuration(settings, null);
        config.setPoolName("mysql-migration");
        config.setMaximumPoolSize(MIGRATION_CONNECTIONS);
        config.setConnectionInitSql(SESSION_OF_MIGRATIONS);
        config.addDataSourceProperty("socketTimeout", "0");
        return config;
    }

    private static HikariConfig writersConfiguration(DatabaseSettings settings, MeterRegistry registry) {
        HikariConfig config = configuration(settings, registry);
        // The server parses each text once for a connection, also an insert of many rows.
        config.addDataSourceProperty("useServerPrepStmts", "true");
        config.addDataSourceProperty("cachePrepStmts", "true");
        config.addDataSourceProperty("prepStmtCacheSize", String.valueOf(CACHED_STATEMENTS));
        config.addDataSourceProperty("prepStmtCacheSqlLimit", String.valueOf(CACHED_STATEMENT_LENGTH));
        return config;
    }

    private static HikariConfig readersConfiguration(DatabaseSettings settings, MeterRegistry registry) {
        HikariConfig config = configuration(settings, registry);
        config.setPoolName("mysql-readers");
        config.setMaximumPoolSize(settings.readers());
        config.setConnectionTimeout(READER_CONNECTION_TIMEOUT_MILLIS);
        config.addDataSourceProperty("connectTimeout", String.valueOf(READER_CONNECTION_TIMEOUT_MILLIS));
        config.addDataSourceProperty("socketTimeout", String.valueOf(READER_SOCKET_TIMEOUT_MILLIS));
        config.setAutoCommit(true);
        config.setReadOnly(true);
        return config;
    }

    /** Migrates the tables, which takes minutes for large ones. After the first success further calls do nothing. */
    public void prepare() throws DatabaseUnavailable {
        if (prepared) {
            return;
        }
        try (var connections = new HikariDataSource(migrationConfiguration(settings))) {
            forgetFailures(connections);
            Flyway.configure().dataSource(connections).load().migrate();
            prepared = true;
        } catch (FlywayException e) {
            throw new DatabaseUnavailable(new SQLException("the tables could not be migrated", e));
        } catch (SQLException e) {
            throw new DatabaseUnavailable(e);
        }
    }

    /**
     * Deletes Flyway's entries about failed attempts, because of which it would refuse another one. Every migration can
     * run again from the top, so none needs to be repaired by hand.
     */
    private static void forgetFailures(DataSource connections) throws SQLException {
        try (Connection connection = connections.getConnection(); Statement statement = connection.createStatement()) {
            // A user without the rights of an owner can only look, which is enough for tables that are up to date.
            boolean hasFailures;
            try (ResultSet row = statement.executeQuery(
                    "SELECT EXISTS (SELECT 1 FROM flyway_schema_history WHERE NOT success)")) {
                hasFailures = row.next() && row.getBoolean(1);
            }
            if (hasFailures) {
                statement.executeUpdate("DELETE FROM flyway_schema_history WHERE NOT success");
            }
            connection.commit();
        } catch (SQLException e) {
            if (e.getErrorCode() != NO_SUCH_TABLE) {
                throw e;
            }
        }
    }

    /** Returns when the server can be reached. */
    public void ping() throws DatabaseUnavailable {
        try {
            pool.getConnection().close();
        } catch (SQLException e) {
            throw new DatabaseUnavailable(e);
        }
    }

    /** Connections for writing: without auto-commit, at READ COMMITTED. */
    public DataSource connections() {
        return pool;
    }

    /** How many connections for writing there are at most. */
    public int maxConnections() {
        return pool.getMaximumPoolSize();
    }

    /** Connections for queries, in a pool of their own: queries cannot take connections from the writer. */
    public DataSource readers() {
        return readers;
    }

    @Override
    public void close() {
        readers.close();
        pool.close();
    }
}

package io.firstcome.sink.mysql;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Set;

import javax.sql.DataSource;

import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;

import io.firstcome.kit.service.StartFailure;
import io.micrometer.core.instrument.MeterRegistry;

/** The connections to MySQL, each of them set up so that nothing depends on how the server happens to be configured. */
public final class Database implements AutoCloseable {

    /** Access denied, access denied to the database, unknown database, access denied without a password. */
    private static final Set<Integer> MISTAKEN_SETTINGS = Set.of(1045, 1044, 1049, 1698);

    /**
     * Strict, so that a value that does not fit is refused and never trimmed in silence. The short waits bound how long a
     * writer that was suspended in the middle of its transaction, with the locks in its hands, keeps its successor out.
     */
    private static final String SESSION = """
            SET SESSION sql_mode = 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION',
              innodb_lock_wait_timeout = 2, wait_timeout = 60""";
    private static final int CONNECTION_PATIENCE_MILLIS = 4_000;
    private static final int VALIDATION_MILLIS = 1_000;
    /** Somebody waits for what a reader reads, and asks again when it takes too long. */
    private static final int READER_PATIENCE_MILLIS = 1_000;
    private static final int READER_ANSWER_MILLIS = 3_000;
    /** Shorter than the session's own wait, so that the pool and not the server ends an idle connection. */
    private static final int IDLE_MILLIS = 30_000;

    private final HikariDataSource pool;
    private final HikariDataSource readers;
    private volatile boolean prepared;

    private Database(DatabaseSettings settings, MeterRegistry registry) {
        this.pool = new HikariDataSource(configuration(settings, registry));
        this.readers = new HikariDataSource(readersConfiguration(settings, registry));
    }

    /**
     * Opens the pool, whether or not the server can be reached yet.
     *
     * @throws StartFailure when the URL is none, or the server answers that user, password or database are wrong
     */
    public static Database open(DatabaseSettings settings, MeterRegistry registry) {
        requireUrl(settings);
        try (Connection connection = DriverManager.getConnection(settings.jdbcUrl(), settings.driverProperties())) {
            if (connection.getCatalog() == null || connection.getCatalog().isEmpty()) {
                throw unusable(settings, "the URL names no database");
            }
        } catch (SQLException e) {
            if (MISTAKEN_SETTINGS.contains(e.getErrorCode())) {
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
        config.setConnectionTimeout(CONNECTION_PATIENCE_MILLIS);
        config.setValidationTimeout(VALIDATION_MILLIS);
        config.setInitializationFailTimeout(-1);
        config.setConnectionInitSql(SESSION);
        config.setAutoCommit(false);
        config.setTransactionIsolation("TRANSACTION_READ_COMMITTED");
        config.setMetricRegistry(registry);
        return config;
    }

    private static HikariConfig readersConfiguration(DatabaseSettings settings, MeterRegistry registry) {
        HikariConfig config = configuration(settings, registry);
        config.setPoolName("mysql-readers");
        config.setMaximumPoolSize(settings.readers());
        config.setConnectionTimeout(READER_PATIENCE_MILLIS);
        config.addDataSourceProperty("connectTimeout", String.valueOf(READER_PATIENCE_MILLIS));
        config.addDataSourceProperty("socketTimeout", String.valueOf(READER_ANSWER_MILLIS));
        config.setAutoCommit(true);
        config.setReadOnly(true);
        return config;
    }

    /** Brings the tables up to date, the first time that the server can be reached; later calls do nothing. */
    public void prepare() throws DatabaseUnavailable {
        if (prepared) {
            return;
        }
        try {
            Flyway.configure().dataSource(pool).load().migrate();
            prepared = true;
        } catch (FlywayException e) {
            throw new DatabaseUnavailable(new SQLException("the tables could not be brought up to date", e));
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

    /** Connections in which nothing is committed by itself, at READ COMMITTED. */
    public DataSource connections() {
        return pool;
    }

    /** Connections that only read, apart from the others: however many questions come, none of them keeps a writer waiting. */
    public DataSource readers() {
        return readers;
    }

    @Override
    public void close() {
        readers.close();
        pool.close();
    }
}

package io.firstcome.sink.mysql;

import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Optional;
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
              innodb_lock_wait_timeout = 3, wait_timeout = 60""";
    private static final int CONNECTION_PATIENCE_MILLIS = 4_000;
    private static final int VALIDATION_MILLIS = 1_000;
    /** Shorter than the session's own wait, so that the pool and not the server ends an idle connection. */
    private static final int IDLE_MILLIS = 30_000;

    private final HikariDataSource pool;
    private volatile boolean prepared;

    private Database(DatabaseSettings settings, MeterRegistry registry) {
        this.pool = new HikariDataSource(configuration(settings, registry));
    }

    /**
     * Opens the pool, whether or not the server can be reached yet.
     *
     * @throws StartFailure when the URL is none, or the server answers that user, password or database are wrong
     */
    public static Database open(DatabaseSettings settings, MeterRegistry registry) {
        firstContact(settings).filter(Database::isMistakenSetting).ifPresent(e -> {
            throw new StartFailure("MySQL at " + settings.address() + " cannot be used: " + e.getMessage()
                    + ". Set FIRSTCOME_JDBC_URL, FIRSTCOME_DB_USER and FIRSTCOME_DB_PASSWORD.", e);
        });
        return new Database(settings, registry);
    }

    private static Optional<SQLException> firstContact(DatabaseSettings settings) {
        try {
            DriverManager.getConnection(settings.jdbcUrl(), settings.driverProperties()).close();
            return Optional.empty();
        } catch (SQLException e) {
            return Optional.of(e);
        }
    }

    private static boolean isMistakenSetting(SQLException e) {
        return MISTAKEN_SETTINGS.contains(e.getErrorCode());
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

    /** Brings the tables up to date, the first time that the server can be reached; later calls do nothing. */
    public void prepare() throws SQLException {
        if (prepared) {
            return;
        }
        try {
            Flyway.configure().dataSource(pool).load().migrate();
            prepared = true;
        } catch (FlywayException e) {
            throw new SQLException("the tables could not be brought up to date: " + e.getMessage(), e);
        }
    }

    /** Returns when the server answers. */
    public void reach() throws SQLException {
        pool.getConnection().close();
    }

    /** Connections in which nothing is committed by itself, at READ COMMITTED. */
    public DataSource connections() {
        return pool;
    }

    @Override
    public void close() {
        pool.close();
    }
}

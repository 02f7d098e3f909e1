package io.firstcome.bench.rival.parts;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;

import io.firstcome.bench.system.BenchServers;

/**
 * A database of its own on the shared server. FirstCome's migrations refuse a database with tables that they did not
 * create, so no other part of a run uses FirstCome's database.
 *
 * @param url the JDBC URL of the new database
 * @param user the user
 * @param password the user's password, may be empty
 */
public record BenchDatabase(String url, String user, String password) {

    private static final Pattern URL = Pattern.compile("(jdbc:\\w+://[^/?]+)(?:/[^?]*)?(\\?.*)?");

    /** The database {@code name}; the first connection creates it. */
    public static BenchDatabase named(String name, BenchServers servers) {
        Matcher url = URL.matcher(servers.jdbcUrl());
        if (!url.matches()) {
            throw new IllegalArgumentException("not a JDBC URL of a server: " + servers.jdbcUrl());
        }
        String options = url.group(2) == null ? "" : url.group(2);
        return new BenchDatabase(url.group(1) + "/" + name + options, servers.jdbcUser(), servers.jdbcPassword());
    }

    /** A pool of at most {@code size} connections with auto-commit. */
    public HikariDataSource pool(int size) {
        var config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setUsername(user);
        config.setPassword(password);
        config.setMaximumPoolSize(size);
        config.setTransactionIsolation("TRANSACTION_READ_COMMITTED");
        config.addDataSourceProperty("createDatabaseIfNotExist", "true");
        // Counts the rows that an insert changed, and not the rows that it found.
        config.addDataSourceProperty("useAffectedRows", "true");
        config.addDataSourceProperty("allowLoadLocalInfile", "true");
        return new HikariDataSource(config);
    }

    /** Deletes the database with all its tables. */
    public void drop() {
        try (HikariDataSource pool = pool(1);
                Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("DROP DATABASE `" + connection.getCatalog() + "`");
        } catch (SQLException e) {
            throw new IllegalStateException("cannot drop " + url, e);
        }
    }
}

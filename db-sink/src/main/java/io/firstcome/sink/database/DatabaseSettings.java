package io.firstcome.sink.database;

import java.util.Properties;

import io.firstcome.kit.settings.Credentials;

/**
 * How to connect to the database.
 *
 * @param jdbcUrl {@code jdbc:mysql://host:port/database} with options of the driver
 * @param user the user, or empty when the URL contains one
 * @param password the user's password, or empty
 * @param poolSize most connections for writing, 1 or more
 * @param readers most connections for queries, 1 or more
 */
public record DatabaseSettings(String jdbcUrl, String user, String password, int poolSize, int readers) {

    private static final int CONNECT_TIMEOUT_MILLIS = 3_000;
    private static final int SOCKET_TIMEOUT_MILLIS = 30_000;

    /** The URL without its options and without a user in front of the host, both of which may contain a password. */
    public String address() {
        return Credentials.hiddenIn(jdbcUrl.split("\\?", 2)[0]);
    }

    /** Driver properties, which take precedence over options in the URL. */
    Properties driverProperties() {
        var properties = new Properties();
        // The driver would make a span for each statement, and none of them in the trace of a claim.
        properties.setProperty("openTelemetry", "DISABLED");
        properties.setProperty("connectTimeout", String.valueOf(CONNECT_TIMEOUT_MILLIS));
        // A server that disappears without closing the connection must not block the sink for ever.
        properties.setProperty("socketTimeout", String.valueOf(SOCKET_TIMEOUT_MILLIS));
        if (!user.isEmpty()) {
            properties.setProperty("user", user);
        }
        if (!password.isEmpty()) {
            properties.setProperty("password", password);
        }
        return properties;
    }

    /** The address, so that a log does not show secrets. */
    @Override
    public String toString() {
        return address();
    }
}

package io.firstcome.sink.mysql;

import java.util.Properties;

/**
 * How the database is reached.
 *
 * @param jdbcUrl {@code jdbc:mysql://host:port/database} with the driver's options
 * @param user the user, or empty where the URL names one
 * @param password the user's password, or empty
 * @param poolSize connections that write, 1 or more
 * @param readers connections that answer questions, 1 or more
 */
public record DatabaseSettings(String jdbcUrl, String user, String password, int poolSize, int readers) {

    private static final int CONNECT_MILLIS = 3_000;
    private static final int ANSWER_MILLIS = 30_000;

    /** The URL without its options, which may hold a password. */
    public String address() {
        return jdbcUrl.split("\\?", 2)[0];
    }

    /** What the driver is told beside the URL; an option in the URL wins. */
    Properties driverProperties() {
        var properties = new Properties();
        properties.setProperty("connectTimeout", String.valueOf(CONNECT_MILLIS));
        // A server that is gone without a word must not hold the sink for ever.
        properties.setProperty("socketTimeout", String.valueOf(ANSWER_MILLIS));
        if (!user.isEmpty()) {
            properties.setProperty("user", user);
        }
        if (!password.isEmpty()) {
            properties.setProperty("password", password);
        }
        return properties;
    }

    /** Without secrets, for a log. */
    @Override
    public String toString() {
        return address();
    }
}

package io.firstcome.standalone.demo;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;

import io.firstcome.contract.id.CouponId;

/** Measures how long after the last answer MySQL contains every row. */
final class StorageMonitor {

    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final Duration POLL_INTERVAL = Duration.ofMillis(5);
    private static final String ROWS = "SELECT COUNT(*) FROM issued_coupons WHERE coupon_id = ?";

    private StorageMonitor() {}

    /** Waits up to one minute for {@code expected} rows. {@code SinkMatches} checks their content. */
    static Duration await(String jdbcUrl, CouponId coupon, long expected) throws SQLException, InterruptedException {
        Instant begin = Instant.now();
        try (Connection mysql = DriverManager.getConnection(jdbcUrl)) {
            while (rows(mysql, coupon) < expected && Duration.between(begin, Instant.now()).compareTo(TIMEOUT) < 0) {
                Thread.sleep(POLL_INTERVAL);
            }
        }
        return Duration.between(begin, Instant.now());
    }

    private static long rows(Connection mysql, CouponId coupon) throws SQLException {
        try (PreparedStatement query = mysql.prepareStatement(ROWS)) {
            query.setString(1, coupon.value());
            try (ResultSet result = query.executeQuery()) {
                result.next();
                return result.getLong(1);
            }
        }
    }
}

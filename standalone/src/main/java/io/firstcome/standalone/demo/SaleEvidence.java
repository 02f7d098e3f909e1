package io.firstcome.standalone.demo;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;

import io.firstcome.contract.CouponId;
import io.firstcome.standalone.demo.FlashSale.SaleResult;
import io.firstcome.standalone.stack.Endpoints;
import io.firstcome.testkit.evidence.CouponLog;
import io.firstcome.testkit.evidence.Evidence;
import io.firstcome.testkit.evidence.LogReader;
import io.firstcome.testkit.evidence.Reply;
import io.firstcome.testkit.evidence.StoredRows;

/**
 * What a sale left behind, read from Kafka and MySQL themselves once both have settled.
 *
 * @param evidence for the guarantees
 * @param stored from the last answer until MySQL held every row; negative times do not occur, zero means "already there"
 */
record SaleEvidence(Evidence evidence, Duration stored) {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(10);
    private static final String STORED = "SELECT COUNT(*) FROM issued_coupons WHERE coupon_id = ?";

    static SaleEvidence collect(SaleResult sale, Endpoints endpoints) throws SQLException, InterruptedException {
        CouponId coupon = sale.plan().couponId();
        try (Connection mysql = DriverManager.getConnection(endpoints.jdbc())) {
            Duration stored = awaitRows(mysql, coupon, wins(sale));
            CouponLog log = new LogReader(endpoints.kafka()).read(coupon, PATIENCE);
            Evidence evidence = Evidence.of(log).withAnswers(sale.answers()).withStored(StoredRows.read(mysql, coupon));
            return new SaleEvidence(evidence, stored);
        }
    }

    /** Only how long to wait is taken from the clients' tally; what came of it is judged from the rows. */
    private static long wins(SaleResult sale) {
        return sale.stories().stream().filter(story -> story.verdict() instanceof Reply.Issued).count();
    }

    private static Duration awaitRows(Connection mysql, CouponId coupon, long expected)
            throws SQLException, InterruptedException {
        Instant begin = Instant.now();
        while (rows(mysql, coupon) < expected && Duration.between(begin, Instant.now()).compareTo(PATIENCE) < 0) {
            Thread.sleep(BETWEEN_LOOKS);
        }
        return Duration.between(begin, Instant.now());
    }

    private static long rows(Connection mysql, CouponId coupon) throws SQLException {
        try (PreparedStatement query = mysql.prepareStatement(STORED)) {
            query.setString(1, coupon.value());
            try (ResultSet result = query.executeQuery()) {
                result.next();
                return result.getLong(1);
            }
        }
    }
}

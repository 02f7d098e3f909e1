package io.firstcome.standalone.check.part;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;

import io.firstcome.contract.id.CouponId;
import io.firstcome.contract.topic.Topics;
import io.firstcome.sink.database.DatabaseSettings;
import io.firstcome.standalone.check.log.Cut;
import io.firstcome.standalone.check.log.History;
import io.firstcome.standalone.check.log.LiveLog;
import io.firstcome.standalone.check.report.CheckResult;
import io.firstcome.standalone.check.report.Deadline;
import io.firstcome.standalone.console.Amount;
import io.firstcome.testkit.evidence.StoredIssue;
import io.firstcome.testkit.evidence.StoredCoupon;
import io.firstcome.testkit.evidence.StoredRows;
import io.firstcome.testkit.guarantee.GuaranteeResult;
import io.firstcome.testkit.log.CouponLog;

/**
 * Compares the tables with the log. The sink moves its positions in the same transaction as the rows, so one snapshot
 * of the database has the rows of exactly the outcomes before its positions.
 */
public final class DatabaseCheck {

    private static final String NAME = "SinkMatches";
    private static final String POSITIONS = "SELECT kafka_partition, next_offset FROM sink_offsets WHERE topic = ?";
    private static final String LOG_ID = "SELECT topic_id FROM sink_logs WHERE topic = ?";

    private final DatabaseSettings settings;
    private final LiveLog log;

    /** The rows and the positions of one transaction. */
    private record Snapshot(Optional<String> logId, Cut positions, StoredRows rows) {}

    public DatabaseCheck(DatabaseSettings settings, LiveLog log) {
        this.settings = settings;
        this.log = log;
    }

    /**
     * Repeats the comparison until the sink has stored everything before a cut, or the time is over.
     *
     * @param target what the sink is expected to have stored
     * @param notCompared what of the system the log does not cover any more
     */
    public CheckResult check(Cut target, String notCompared, Deadline deadline) throws InterruptedException {
        Attempt attempt = attempt(target, notCompared);
        Deadline transaction = new Deadline(Deadline.OF_A_TRANSACTION);
        while (attempt.mayChange() && deadline.pause() || attempt.mayBeCommitted() && transaction.pause()) {
            boolean mayBeCommitted = attempt.mayBeCommitted();
            attempt = attempt(target, notCompared);
            if (attempt.mayBeCommitted() && !mayBeCommitted) {
                transaction = new Deadline(Deadline.OF_A_TRANSACTION);
            }
        }
        return attempt.result();
    }

    /**
     * One comparison.
     *
     * @param mayChange whether a later comparison may have another result: the sink may catch up
     * @param mayBeCommitted whether the rows have what the log does not have: a rebuild stores what the authority
     *            decided, and a transaction of the authority may still be open
     */
    private record Attempt(CheckResult result, boolean mayChange, boolean mayBeCommitted) {

        static Attempt unknown(String why, boolean mayChange) {
            return new Attempt(CheckResult.unknown(NAME, why), mayChange, false);
        }
    }

    private Attempt attempt(Cut target, String notCompared) throws InterruptedException {
        try {
            return compare(target, notCompared);
        } catch (SQLException e) {
            return Attempt.unknown("the database at " + settings.address() + " cannot be read: " + e.getMessage(),
                    false);
        }
    }

    private Attempt compare(Cut target, String notCompared) throws SQLException, InterruptedException {
        History before = log.history();
        Optional<Set<CouponId>> only = before.hasAllOutcomes() && log.readsAllCoupons()
                ? Optional.empty()
                : Optional.of(before.withAllOutcomes());
        Snapshot snapshot = read(only);
        String id = log.outcomesId();
        if (snapshot.logId().filter(id::equals).isEmpty()) {
            return Attempt.unknown("the tables were written from "
                    + snapshot.logId().map(other -> "another coupon-outcomes (" + other + " instead of " + id + ")")
                            .orElse("no log yet")
                    + ": name the database of this system with --jdbc-url", false);
        }
        log.readOn();
        History history = log.history();
        // A coupon that was created since the rows were chosen is not among them.
        var comparison = DatabaseComparison.compare(chosen(history.outcomesBefore(snapshot.positions()), only),
                chosen(history.allOutcomes(), only), snapshot.rows());
        if (comparison.guarantee() instanceof GuaranteeResult.Fail) {
            return new Attempt(CheckResult.of(NAME, comparison.guarantee(), notCompared), true,
                    comparison.hasUnknownRows());
        }
        long missing = history.outcomes().stream()
                .filter(it -> target.contains(it.partition(), it.offset())
                        && !snapshot.positions().contains(it.partition(), it.offset()))
                .count();
        if (missing > 0) {
            return Attempt.unknown(Amount.of(missing, "outcome") + " are not stored yet; what is stored is right",
                    true);
        }
        if (comparison.ahead() > 0) {
            return Attempt.unknown(Amount.of(comparison.ahead(), "row") + " of a rebuild are ahead of the sink's"
                    + " position; what is stored is right", true);
        }
        return new Attempt(CheckResult.of(NAME, comparison.guarantee(), notCompared), false, false);
    }

    private static CouponLog chosen(CouponLog log, Optional<Set<CouponId>> only) {
        return only.map(coupons -> CouponLog.of(List.of(), log.outcomes().stream()
                .filter(it -> coupons.contains(it.outcome().couponId())).toList())).orElse(log);
    }

    private Snapshot read(Optional<Set<CouponId>> only) throws SQLException {
        try (Connection connection = DriverManager.getConnection(settings.jdbcUrl(), properties())) {
            connection.setReadOnly(true);
            connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            connection.setAutoCommit(false);
            // The first statement makes the snapshot that the others read.
            Cut positions = positions(connection);
            Optional<String> logId = logId(connection);
            StoredRows rows = only.isPresent() ? rows(connection, only.get()) : StoredRows.read(connection);
            connection.rollback();
            return new Snapshot(logId, positions, rows);
        }
    }

    private static StoredRows rows(Connection connection, Set<CouponId> only) throws SQLException {
        List<StoredIssue> issues = new ArrayList<>();
        List<StoredCoupon> coupons = new ArrayList<>();
        for (CouponId coupon : only) {
            StoredRows rows = StoredRows.read(connection, coupon);
            issues.addAll(rows.issues());
            coupons.addAll(rows.coupons());
        }
        return new StoredRows(issues, coupons);
    }

    private static Cut positions(Connection connection) throws SQLException {
        Map<Integer, Long> positions = new HashMap<>();
        try (PreparedStatement query = connection.prepareStatement(POSITIONS)) {
            query.setString(1, Topics.OUTCOMES.name());
            try (ResultSet rows = query.executeQuery()) {
                while (rows.next()) {
                    positions.put(rows.getInt(1), rows.getLong(2));
                }
            }
        }
        return new Cut(positions);
    }

    private static Optional<String> logId(Connection connection) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(LOG_ID)) {
            query.setString(1, Topics.OUTCOMES.name());
            try (ResultSet rows = query.executeQuery()) {
                return rows.next() ? Optional.of(rows.getString(1)) : Optional.empty();
            }
        }
    }

    private Properties properties() {
        Properties properties = new Properties();
        properties.setProperty("connectTimeout", "5000");
        properties.setProperty("socketTimeout", "120000");
        if (!settings.user().isEmpty()) {
            properties.setProperty("user", settings.user());
        }
        if (!settings.password().isEmpty()) {
            properties.setProperty("password", settings.password());
        }
        return properties;
    }
}

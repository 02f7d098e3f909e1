package io.firstcome.sink.mysql;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toMap;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import java.util.stream.Gatherers;

import io.firstcome.contract.CouponOutcome;
import io.firstcome.contract.CouponOutcome.CouponIssued;
import io.firstcome.contract.CouponOutcome.IssueRevoked;
import io.firstcome.contract.id.CouponId;
import io.firstcome.contract.id.RequestId;
import io.firstcome.contract.id.UserId;

/**
 * The table of issues, of which a revoked one keeps its row. It uses plain inserts: {@code INSERT IGNORE} would hide a
 * contradiction, and an upsert could replace an issue that a user already knows of.
 *
 * @param rowsPerStatement how many rows one statement may carry
 */
record IssuedCoupons(int rowsPerStatement) {

    private static final String COLUMNS = "coupon_id, sequence, user_id, nth, request_id, issued_at";
    private static final String INSERT = "INSERT INTO issued_coupons (" + COLUMNS + ") VALUES ";
    private static final String OF_COUPON = "SELECT " + COLUMNS
            + ", revoked_at FROM issued_coupons WHERE coupon_id = ? AND ";
    private static final String REVOKE = """
            UPDATE issued_coupons SET revoked_at = CASE sequence %s END WHERE coupon_id = ? AND sequence IN (%s)""";

    /** Inserts rows, except those that exist with the same values, and returns how many were new. */
    int insert(Connection connection, List<CouponIssued> rows) throws SQLException, Divergence {
        int inserted = 0;
        for (List<CouponIssued> chunk : rows.stream().gather(Gatherers.windowFixed(rowsPerStatement)).toList()) {
            inserted += insertChunk(connection, chunk);
        }
        return inserted;
    }

    private int insertChunk(Connection connection, List<CouponIssued> rows) throws SQLException, Divergence {
        String sql = INSERT + Sql.list(rows.size(), "(?, ?, ?, ?, ?, ?)");
        try (PreparedStatement insert = rows.size() == rowsPerStatement
                ? connection.prepareStatement(sql)
                : Sql.prepareOnce(connection, sql)) {
            int parameter = 1;
            for (CouponIssued row : rows) {
                insert.setString(parameter++, row.couponId().value());
                insert.setLong(parameter++, row.sequence());
                insert.setString(parameter++, row.userId().value());
                insert.setInt(parameter++, row.nth());
                insert.setString(parameter++, row.requestId().value());
                insert.setObject(parameter++, Sql.utc(row.issuedAt()));
            }
            return insert.executeUpdate();
        } catch (SQLException e) {
            if (SqlErrorKind.of(e) != SqlErrorKind.DUPLICATE) {
                throw e;
            }
            return insertNewRows(connection, rows);
        }
    }

    private int insertNewRows(Connection connection, List<CouponIssued> rows) throws SQLException, Divergence {
        Map<Place, StoredIssue> stored = storedAt(connection, rows, CouponIssued::sequence);
        List<CouponIssued> newRows = new ArrayList<>();
        for (CouponIssued row : rows) {
            StoredIssue known = stored.get(new Place(row.couponId(), row.sequence()));
            if (known == null) {
                newRows.add(row);
            } else if (!known.issue().equals(row)) {
                throw new Divergence("the log holds " + row + " but issued_coupons holds " + known.issue());
            }
        }
        if (newRows.size() == rows.size()) {
            throw new Divergence(userConflict(connection, rows));
        }
        return newRows.isEmpty() ? 0 : insertChunk(connection, newRows);
    }

    /** Why rows whose sequences are free cannot be inserted: the table has the issue to a user by another sequence. */
    private static String userConflict(Connection connection, List<CouponIssued> rows) throws SQLException {
        List<StoredIssue> ofUsers = lookUp(connection, "user_id", rows, row -> row.userId().value());
        for (CouponIssued row : rows) {
            for (StoredIssue stored : ofUsers) {
                CouponIssued issue = stored.issue();
                if (issue.couponId().equals(row.couponId()) && issue.userId().equals(row.userId())
                        && issue.nth() == row.nth()) {
                    return "the log holds " + row + " but issued_coupons holds " + issue;
                }
            }
        }
        return "the log contradicts itself within " + rows.size() + " issues that begin with " + rows.getFirst();
    }

    /**
     * Sets the time of the revocation in the rows that have none, and returns how many these were.
     *
     * @throws Divergence when a row does not exist, belongs to another claim, or was revoked at another time
     */
    int revoke(Connection connection, List<IssueRevoked> revocations) throws SQLException, Divergence {
        int revoked = 0;
        for (var chunk : revocations.stream().gather(Gatherers.windowFixed(rowsPerStatement)).toList()) {
            revoked += revokeChunk(connection, chunk);
        }
        return revoked;
    }

    private static int revokeChunk(Connection connection, List<IssueRevoked> revocations)
            throws SQLException, Divergence {
        Map<Place, StoredIssue> stored = storedAt(connection, revocations, IssueRevoked::sequence);
        Map<CouponId, List<IssueRevoked>> open = new TreeMap<>((a, b) -> a.value().compareTo(b.value()));
        for (IssueRevoked revocation : revocations) {
            var place = new Place(revocation.couponId(), revocation.sequence());
            StoredIssue known = stored.get(place);
            if (known == null) {
                throw new Divergence("the log holds " + revocation + " but issued_coupons holds no such issue. If the"
                        + " issue was set aside, replay its letter with ./firstcome dlq replay, otherwise run"
                        + " ./firstcome rebuild-database; then restart this sink");
            }
            if (!known.mayHave(revocation)) {
                throw new Divergence("the log holds " + revocation + " but issued_coupons holds " + known);
            }
            if (known.revokedAt() == null) {
                open.computeIfAbsent(revocation.couponId(), _ -> new ArrayList<>()).add(revocation);
                stored.put(place, new StoredIssue(known.issue(), revocation.revokedAt()));
            }
        }
        int revoked = 0;
        for (Map.Entry<CouponId, List<IssueRevoked>> coupon : open.entrySet()) {
            revoked += revokeOf(connection, coupon.getKey(), coupon.getValue());
        }
        return revoked;
    }

    private static int revokeOf(Connection connection, CouponId coupon, List<IssueRevoked> revocations)
            throws SQLException {
        int count = revocations.size();
        String sql = REVOKE.formatted("WHEN ? THEN ? ".repeat(count), Sql.list(count, "?"));
        try (PreparedStatement update = Sql.prepareOnce(connection, sql)) {
            int parameter = 1;
            for (IssueRevoked revocation : revocations) {
                update.setLong(parameter++, revocation.sequence());
                update.setObject(parameter++, Sql.utc(revocation.revokedAt()));
            }
            update.setString(parameter++, coupon.value());
            for (IssueRevoked revocation : revocations) {
                update.setLong(parameter++, revocation.sequence());
            }
            return update.executeUpdate();
        }
    }

    private static <T extends CouponOutcome> Map<Place, StoredIssue> storedAt(Connection connection, List<T> outcomes,
            ToLongFunction<T> sequence) throws SQLException {
        return lookUp(connection, "sequence", outcomes, sequence::applyAsLong).stream().collect(
                toMap(stored -> new Place(stored.issue().couponId(), stored.issue().sequence()), stored -> stored));
    }

    /** The rows of the same coupons with the same value in a column. */
    private static <T extends CouponOutcome> List<StoredIssue> lookUp(Connection connection, String column,
            List<T> outcomes, Function<T, Object> value) throws SQLException {
        Map<CouponId, List<T>> byCoupon = outcomes.stream().collect(groupingBy(CouponOutcome::couponId));
        List<StoredIssue> found = new ArrayList<>();
        for (Map.Entry<CouponId, List<T>> coupon : byCoupon.entrySet()) {
            String in = column + " IN (" + Sql.list(coupon.getValue().size(), "?") + ")";
            try (PreparedStatement select = Sql.prepareOnce(connection, OF_COUPON + in)) {
                select.setString(1, coupon.getKey().value());
                for (int i = 0; i < coupon.getValue().size(); i++) {
                    select.setObject(i + 2, value.apply(coupon.getValue().get(i)));
                }
                read(select, found);
            }
        }
        return found;
    }

    private static void read(PreparedStatement select, List<StoredIssue> into) throws SQLException {
        try (ResultSet row = select.executeQuery()) {
            while (row.next()) {
                var issue = new CouponIssued(new RequestId(row.getString("request_id")),
                        new CouponId(row.getString("coupon_id")), new UserId(row.getString("user_id")),
                        row.getLong("sequence"), time(row, "issued_at"), row.getInt("nth"));
                into.add(new StoredIssue(issue, time(row, "revoked_at")));
            }
        }
    }

    private static Instant time(ResultSet row, String column) throws SQLException {
        LocalDateTime time = row.getObject(column, LocalDateTime.class);
        return time == null ? null : time.toInstant(ZoneOffset.UTC);
    }

    /** The primary key of the table. */
    private record Place(CouponId couponId, long sequence) {}

    /**
     * A row of the table.
     *
     * @param revokedAt null while the user holds the coupon
     */
    private record StoredIssue(CouponIssued issue, Instant revokedAt) {

        /** Whether this is the issue that the revocation ends, and no other revocation has ended it. */
        boolean mayHave(IssueRevoked revocation) {
            return issue.userId().equals(revocation.userId())
                    && issue.requestId().equals(revocation.claimRequestId())
                    && (revokedAt == null || revokedAt.equals(revocation.revokedAt()));
        }
    }
}

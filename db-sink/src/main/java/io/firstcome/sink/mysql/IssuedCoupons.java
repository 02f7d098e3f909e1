package io.firstcome.sink.mysql;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toMap;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Gatherers;

import io.firstcome.contract.CouponId;
import io.firstcome.contract.CouponOutcome.CouponIssued;
import io.firstcome.contract.RequestId;
import io.firstcome.contract.UserId;

/**
 * The table of who has what. Plain inserts: {@code INSERT IGNORE} would hide a contradiction, and an upsert could replace
 * what somebody was already told.
 *
 * @param rowsPerStatement how many rows one statement may carry
 */
record IssuedCoupons(int rowsPerStatement) {

    private static final String COLUMNS = "coupon_id, user_id, sequence, request_id, issued_at";
    private static final String INSERT = "INSERT INTO issued_coupons (" + COLUMNS + ") VALUES ";
    private static final String OF_USERS = "SELECT " + COLUMNS
            + " FROM issued_coupons WHERE coupon_id = ? AND user_id IN ";
    private static final String OF_SEQUENCES = "SELECT " + COLUMNS
            + " FROM issued_coupons WHERE coupon_id = ? AND sequence IN ";

    /** Inserts rows; how many of them were new. Those that stand there already, word for word, are left alone. */
    int insert(Connection connection, List<CouponIssued> rows) throws SQLException, Divergence {
        int inserted = 0;
        for (List<CouponIssued> some : rows.stream().gather(Gatherers.windowFixed(rowsPerStatement)).toList()) {
            inserted += insertSome(connection, some);
        }
        return inserted;
    }

    private static int insertSome(Connection connection, List<CouponIssued> rows) throws SQLException, Divergence {
        try (PreparedStatement insert = connection
                .prepareStatement(INSERT + Sql.list(rows.size(), "(?, ?, ?, ?, ?)"))) {
            int parameter = 1;
            for (CouponIssued row : rows) {
                insert.setString(parameter++, row.couponId().value());
                insert.setString(parameter++, row.userId().value());
                insert.setLong(parameter++, row.sequence());
                insert.setString(parameter++, row.requestId().value());
                insert.setObject(parameter++, Sql.utc(row.issuedAt()));
            }
            return insert.executeUpdate();
        } catch (SQLException e) {
            if (SqlErrorKind.of(e) != SqlErrorKind.DUPLICATE) {
                throw e;
            }
            return insertNewOnes(connection, rows);
        }
    }

    private static int insertNewOnes(Connection connection, List<CouponIssued> rows) throws SQLException, Divergence {
        Map<CouponUser, CouponIssued> held = held(connection, rows);
        List<CouponIssued> fresh = new ArrayList<>();
        for (CouponIssued row : rows) {
            CouponIssued known = held.get(CouponUser.of(row));
            if (known == null) {
                fresh.add(row);
            } else if (!known.equals(row)) {
                throw new Divergence("the log says " + row + " but issued_coupons holds " + known);
            }
        }
        if (fresh.size() == rows.size()) {
            throw new Divergence(placeTaken(connection, rows));
        }
        return fresh.isEmpty() ? 0 : insertSome(connection, fresh);
    }

    private static Map<CouponUser, CouponIssued> held(Connection connection, List<CouponIssued> rows)
            throws SQLException {
        List<CouponIssued> held = lookUp(connection, OF_USERS, rows, row -> row.userId().value());
        return held.stream().collect(toMap(CouponUser::of, row -> row));
    }

    private static String placeTaken(Connection connection, List<CouponIssued> rows) throws SQLException {
        List<CouponIssued> taken = lookUp(connection, OF_SEQUENCES, rows, CouponIssued::sequence);
        return taken.isEmpty()
                ? "the log contradicts itself within " + rows.size() + " issues, the first of them " + rows.getFirst()
                : "the log gives places to others than issued_coupons does, which holds " + taken.getFirst();
    }

    private static List<CouponIssued> lookUp(Connection connection, String query, List<CouponIssued> rows,
            Function<CouponIssued, Object> sought) throws SQLException {
        Map<CouponId, List<CouponIssued>> byCoupon = rows.stream().collect(groupingBy(CouponIssued::couponId));
        List<CouponIssued> found = new ArrayList<>();
        for (Map.Entry<CouponId, List<CouponIssued>> coupon : byCoupon.entrySet()) {
            String in = "(" + Sql.list(coupon.getValue().size(), "?") + ")";
            try (PreparedStatement select = connection.prepareStatement(query + in)) {
                select.setString(1, coupon.getKey().value());
                for (int i = 0; i < coupon.getValue().size(); i++) {
                    select.setObject(i + 2, sought.apply(coupon.getValue().get(i)));
                }
                read(select, found);
            }
        }
        return found;
    }

    private static void read(PreparedStatement select, List<CouponIssued> into) throws SQLException {
        try (ResultSet row = select.executeQuery()) {
            while (row.next()) {
                into.add(new CouponIssued(new RequestId(row.getString("request_id")),
                        new CouponId(row.getString("coupon_id")), new UserId(row.getString("user_id")),
                        row.getLong("sequence"),
                        row.getObject("issued_at", LocalDateTime.class).toInstant(ZoneOffset.UTC)));
            }
        }
    }

    /** What a user can have only one of. */
    private record CouponUser(CouponId couponId, UserId userId) {
        static CouponUser of(CouponIssued row) {
            return new CouponUser(row.couponId(), row.userId());
        }
    }
}

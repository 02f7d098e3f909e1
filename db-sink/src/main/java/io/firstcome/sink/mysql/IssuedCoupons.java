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

import io.firstcome.contract.CouponOutcome.CouponIssued;
import io.firstcome.contract.id.CouponId;
import io.firstcome.contract.id.RequestId;
import io.firstcome.contract.id.UserId;

/**
 * The table of holders. It uses plain inserts: {@code INSERT IGNORE} would hide a contradiction, and an upsert could
 * replace an issue that a user already knows of.
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

    /** Inserts rows, except those that exist with the same values, and returns how many were new. */
    int insert(Connection connection, List<CouponIssued> rows) throws SQLException, Divergence {
        int inserted = 0;
        for (List<CouponIssued> chunk : rows.stream().gather(Gatherers.windowFixed(rowsPerStatement)).toList()) {
            inserted += insertChunk(connection, chunk);
        }
        return inserted;
    }

    private int insertChunk(Connection connection, List<CouponIssued> rows) throws SQLException, Divergence {
        String sql = INSERT + Sql.list(rows.size(), "(?, ?, ?, ?, ?)");
        try (PreparedStatement insert = rows.size() == rowsPerStatement
                ? connection.prepareStatement(sql)
                : Sql.prepareOnce(connection, sql)) {
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
            return insertNewRows(connection, rows);
        }
    }

    private int insertNewRows(Connection connection, List<CouponIssued> rows) throws SQLException, Divergence {
        Map<CouponUser, CouponIssued> held = held(connection, rows);
        List<CouponIssued> newRows = new ArrayList<>();
        for (CouponIssued row : rows) {
            CouponIssued known = held.get(CouponUser.of(row));
            if (known == null) {
                newRows.add(row);
            } else if (!known.equals(row)) {
                throw new Divergence("the log holds " + row + " but issued_coupons holds " + known);
            }
        }
        if (newRows.size() == rows.size()) {
            throw new Divergence(sequenceConflict(connection, rows));
        }
        return newRows.isEmpty() ? 0 : insertChunk(connection, newRows);
    }

    private static Map<CouponUser, CouponIssued> held(Connection connection, List<CouponIssued> rows)
            throws SQLException {
        List<CouponIssued> held = lookUp(connection, OF_USERS, rows, row -> row.userId().value());
        return held.stream().collect(toMap(CouponUser::of, row -> row));
    }

    private static String sequenceConflict(Connection connection, List<CouponIssued> rows) throws SQLException {
        List<CouponIssued> taken = lookUp(connection, OF_SEQUENCES, rows, CouponIssued::sequence);
        return taken.isEmpty()
                ? "the log contradicts itself within " + rows.size() + " issues that begin with " + rows.getFirst()
                : "the log gives a sequence to another user than issued_coupons, which holds " + taken.getFirst();
    }

    private static List<CouponIssued> lookUp(Connection connection, String query, List<CouponIssued> rows,
            Function<CouponIssued, Object> column) throws SQLException {
        Map<CouponId, List<CouponIssued>> byCoupon = rows.stream().collect(groupingBy(CouponIssued::couponId));
        List<CouponIssued> found = new ArrayList<>();
        for (Map.Entry<CouponId, List<CouponIssued>> coupon : byCoupon.entrySet()) {
            String in = "(" + Sql.list(coupon.getValue().size(), "?") + ")";
            try (PreparedStatement select = Sql.prepareOnce(connection, query + in)) {
                select.setString(1, coupon.getKey().value());
                for (int i = 0; i < coupon.getValue().size(); i++) {
                    select.setObject(i + 2, column.apply(coupon.getValue().get(i)));
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

    /** The primary key of the table. */
    private record CouponUser(CouponId couponId, UserId userId) {
        static CouponUser of(CouponIssued row) {
            return new CouponUser(row.couponId(), row.userId());
        }
    }
}

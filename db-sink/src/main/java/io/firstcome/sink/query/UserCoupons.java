package io.firstcome.sink.query;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import javax.sql.DataSource;

import io.firstcome.contract.id.CouponId;
import io.firstcome.contract.id.RequestId;
import io.firstcome.contract.id.UserId;
import io.firstcome.contract.json.ContractViolation;

/**
 * Reads the coupons of a user, newest first and revoked ones included, in the order of the key {@code issued_to_user}.
 */
final class UserCoupons {

    /** The name comes from a subquery: for a join MySQL may hash a small {@code coupons} and then sort the result. */
    static final String NEWEST = """
            SELECT coupon_id, sequence, nth, issued_at, request_id, revoked_at,
              (SELECT name FROM coupons WHERE coupons.coupon_id = issued_coupons.coupon_id) AS name
            FROM issued_coupons WHERE user_id = ?
            ORDER BY issued_at DESC, coupon_id DESC, sequence DESC LIMIT ?""";

    /** The second condition alone would suffice; the first lets MySQL seek in the key. */
    static final String OLDER = NEWEST.replace("ORDER BY", """
              AND issued_at <= ?
              AND (issued_at < ? OR coupon_id < ? OR coupon_id = ? AND sequence < ?)
            ORDER BY""");

    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    private final DataSource connections;

    UserCoupons(DataSource connections) {
        this.connections = connections;
    }

    /** Up to {@code max} coupons after a cursor, or from the beginning. */
    List<UserCoupon> read(UserId userId, Optional<PageCursor> after, int max) throws SQLException {
        try (Connection connection = connections.getConnection();
                PreparedStatement select = connection.prepareStatement(after.isPresent() ? OLDER : NEWEST)) {
            select.setQueryTimeout((int) TIMEOUT.toSeconds());
            bind(select, userId, after, max);
            return rows(select);
        }
    }

    static void bind(PreparedStatement select, UserId userId, Optional<PageCursor> after, int max)
            throws SQLException {
        int parameter = 1;
        select.setString(parameter++, userId.value());
        if (after.isPresent()) {
            LocalDateTime issuedAt = LocalDateTime.ofInstant(after.get().issuedAt(), ZoneOffset.UTC);
            select.setObject(parameter++, issuedAt);
            select.setObject(parameter++, issuedAt);
            select.setString(parameter++, after.get().couponId().value());
            select.setString(parameter++, after.get().couponId().value());
            select.setLong(parameter++, after.get().sequence());
        }
        select.setInt(parameter, max);
    }

    private static List<UserCoupon> rows(PreparedStatement select) throws SQLException {
        List<UserCoupon> coupons = new ArrayList<>();
        try (ResultSet row = select.executeQuery()) {
            while (row.next()) {
                coupons.add(coupon(row));
            }
        }
        return coupons;
    }

    /** The sink writes valid rows only. An invalid one is an internal error and not the fault of the caller. */
    private static UserCoupon coupon(ResultSet row) throws SQLException {
        try {
            return new UserCoupon(new CouponId(row.getString("coupon_id")), row.getString("name"),
                    row.getLong("sequence"), row.getInt("nth"), time(row, "issued_at"),
                    new RequestId(row.getString("request_id")), time(row, "revoked_at"));
        } catch (ContractViolation e) {
            throw new IllegalStateException("a row of issued_coupons is invalid", e);
        }
    }

    private static Instant time(ResultSet row, String column) throws SQLException {
        LocalDateTime time = row.getObject(column, LocalDateTime.class);
        return time == null ? null : time.toInstant(ZoneOffset.UTC);
    }
}

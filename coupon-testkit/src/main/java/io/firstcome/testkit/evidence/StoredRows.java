package io.firstcome.testkit.evidence;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import io.firstcome.contract.CouponStatus;
import io.firstcome.contract.id.CouponId;
import io.firstcome.contract.id.RequestId;
import io.firstcome.contract.id.UserId;

/**
 * The rows in MySQL.
 *
 * @param issues the rows of {@code issued_coupons}
 * @param coupons the rows of {@code coupons}
 */
public record StoredRows(List<StoredIssue> issues, List<StoredCoupon> coupons) {

    private static final String ISSUES = """
            SELECT coupon_id, user_id, sequence, request_id, issued_at, nth, revoked_at FROM issued_coupons""";
    private static final String COUPONS = """
            SELECT coupon_id, stock, issued_quantity, status, revoked_quantity, per_user, reclaim FROM coupons""";
    private static final String OF_ONE_COUPON = " WHERE coupon_id = ?";

    public StoredRows {
        issues = List.copyOf(issues);
        coupons = List.copyOf(coupons);
    }

    /** Reads both tables. The connection stays open. */
    public static StoredRows read(Connection connection) throws SQLException {
        return new StoredRows(rows(connection, ISSUES, StoredRows::issue),
                rows(connection, COUPONS, StoredRows::coupon));
    }

    /** Reads the rows of one coupon from both tables. The connection stays open. */
    public static StoredRows read(Connection connection, CouponId only) throws SQLException {
        return new StoredRows(rows(connection, ISSUES + OF_ONE_COUPON, StoredRows::issue, only.value()),
                rows(connection, COUPONS + OF_ONE_COUPON, StoredRows::coupon, only.value()));
    }

    private static StoredIssue issue(ResultSet row) throws SQLException {
        return new StoredIssue(new CouponId(row.getString("coupon_id")), new UserId(row.getString("user_id")),
                row.getLong("sequence"), new RequestId(row.getString("request_id")),
                time(row, "issued_at").orElseThrow(), row.getInt("nth"), time(row, "revoked_at"));
    }

    /** DATETIME has no zone. Reading it as LocalDateTime keeps the driver from converting it between zones. */
    private static Optional<Instant> time(ResultSet row, String column) throws SQLException {
        return Optional.ofNullable(row.getObject(column, LocalDateTime.class))
                .map(time -> time.toInstant(ZoneOffset.UTC));
    }

    private static StoredCoupon coupon(ResultSet row) throws SQLException {
        return new StoredCoupon(new CouponId(row.getString("coupon_id")), row.getLong("stock"),
                row.getLong("issued_quantity"), CouponStatus.valueOf(row.getString("status")),
                row.getLong("revoked_quantity"), row.getInt("per_user"), row.getBoolean("reclaim"));
    }

    private interface RowReader<T> {
        T read(ResultSet row) throws SQLException;
    }

    private static <T> List<T> rows(Connection connection, String sql, RowReader<T> reader, String... parameters)
            throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                query.setString(i + 1, parameters[i]);
            }
            List<T> rows = new ArrayList<>();
            try (ResultSet result = query.executeQuery()) {
                while (result.next()) {
                    rows.add(reader.read(result));
                }
            }
            return rows;
        }
    }
}

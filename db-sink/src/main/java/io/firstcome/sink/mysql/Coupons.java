package io.firstcome.sink.mysql;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.stream.Gatherers;

import io.firstcome.contract.CouponDefinition;
import io.firstcome.contract.CouponState;
import io.firstcome.contract.id.CouponId;

/**
 * The table of coupons, with the numbers of issues and of revocations of each. An older version never overwrites a
 * newer one, and the numbers never decrease.
 *
 * @param rowsPerStatement how many coupons one statement may name
 */
record Coupons(int rowsPerStatement) {

    /**
     * Counts issues and revocations that were stored before their coupon, as when its definition was set aside as a
     * dead letter and replayed later. A coupon that exists has been raised by each of them; its rows are not counted
     * again, because it may have millions.
     */
    private static final String STORED_BEFORE = """
            SELECT COALESCE(MAX(sequence), 0), COUNT(revoked_at) FROM issued_coupons WHERE coupon_id = ?""";
    private static final String EXISTS = "SELECT 1 FROM coupons WHERE coupon_id = ?";

    /**
     * {@code version} is assigned last: MySQL assigns from left to right, and the other columns compare with its old
     * value.
     */
    private static final String APPLY = """
            INSERT INTO coupons (coupon_id, name, stock, issued_quantity, revoked_quantity, per_user, reclaim, status,
              opens_at, closes_at, version)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON DUPLICATE KEY UPDATE
              name = IF(version < ?, ?, name),
              stock = IF(version < ?, ?, stock),
              issued_quantity = GREATEST(issued_quantity, ?),
              revoked_quantity = GREATEST(revoked_quantity, ?),
              per_user = IF(version < ?, ?, per_user),
              reclaim = IF(version < ?, ?, reclaim),
              status = IF(version < ?, ?, status),
              opens_at = IF(version < ?, ?, opens_at),
              closes_at = IF(version < ?, ?, closes_at),
              version = GREATEST(version, ?)""";

    private static final String RAISE = """
            UPDATE coupons SET %1$s = GREATEST(%1$s, CASE coupon_id %2$s END) WHERE coupon_id IN (%3$s)""";

    /** Inserts or updates coupons. */
    void apply(Connection connection, List<CouponState> states) throws SQLException {
        if (states.isEmpty()) {
            return;
        }
        try (PreparedStatement apply = connection.prepareStatement(APPLY)) {
            for (CouponState state : states) {
                Counts counts = new Counts(state.issued(), state.revoked());
                if (!exists(connection, state.couponId())) {
                    counts = counts.raisedTo(storedBefore(connection, state.couponId()));
                }
                bind(apply, state, counts);
                apply.executeUpdate();
            }
        }
    }

    private static boolean exists(Connection connection, CouponId coupon) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(EXISTS)) {
            select.setString(1, coupon.value());
            try (ResultSet row = select.executeQuery()) {
                return row.next();
            }
        }
    }

    private static Counts storedBefore(Connection connection, CouponId coupon) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(STORED_BEFORE)) {
            select.setString(1, coupon.value());
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return new Counts(row.getLong(1), row.getLong(2));
            }
        }
    }

    private static void bind(PreparedStatement apply, CouponState state, Counts counts) throws SQLException {
        CouponDefinition definition = state.definition();
        Object opensAt = Sql.utc(definition.opensAt());
        Object closesAt = Sql.utc(definition.closesAt());
        String status = state.status().name();
        long version = state.version();
        setAll(apply, state.couponId().value(), definition.name(), definition.stock(), counts.issued(),
                counts.revoked(), definition.perUser(), definition.reclaim(), status, opensAt, closesAt, version,
                version, definition.name(), version, definition.stock(), counts.issued(), counts.revoked(),
                version, definition.perUser(), version, definition.reclaim(), version, status,
                version, opensAt, version, closesAt, version);
    }

    private static void setAll(PreparedStatement statement, Object... values) throws SQLException {
        for (int i = 0; i < values.length; i++) {
            statement.setObject(i + 1, values[i]);
        }
    }

    /** Raises the number of issues of each coupon to the given sequence, if it is lower. */
    void raiseIssued(Connection connection, Map<CouponId, Long> issued) throws SQLException {
        raise(connection, "issued_quantity", issued);
    }

    /** Raises the number of revocations of each coupon to the given number, if it is lower. */
    void raiseRevoked(Connection connection, Map<CouponId, Long> revoked) throws SQLException {
        raise(connection, "revoked_quantity", revoked);
    }

    private void raise(Connection connection, String column, Map<CouponId, Long> counts) throws SQLException {
        var entries = counts.entrySet().stream();
        for (var chunk : entries.gather(Gatherers.windowFixed(rowsPerStatement)).toList()) {
            raiseChunk(connection, column, chunk);
        }
    }

    private static void raiseChunk(Connection connection, String column, List<Map.Entry<CouponId, Long>> counts)
            throws SQLException {
        String raise = RAISE.formatted(column, "WHEN ? THEN ? ".repeat(counts.size()), Sql.list(counts.size(), "?"));
        try (PreparedStatement update = Sql.prepareOnce(connection, raise)) {
            int parameter = 1;
            for (Map.Entry<CouponId, Long> coupon : counts) {
                update.setString(parameter++, coupon.getKey().value());
                update.setLong(parameter++, coupon.getValue());
            }
            for (Map.Entry<CouponId, Long> coupon : counts) {
                update.setString(parameter++, coupon.getKey().value());
            }
            update.executeUpdate();
        }
    }

    private record Counts(long issued, long revoked) {

        Counts raisedTo(Counts other) {
            return new Counts(Math.max(issued, other.issued), Math.max(revoked, other.revoked));
        }
    }
}

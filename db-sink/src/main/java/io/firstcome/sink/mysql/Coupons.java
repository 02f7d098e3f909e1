package io.firstcome.sink.mysql;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.stream.Gatherers;

import io.firstcome.contract.CouponDefinition;
import io.firstcome.contract.CouponState;
import io.firstcome.contract.id.CouponId;

/**
 * The table of coupons, with the number of issues of each. An older version never overwrites a newer one, and the
 * number never decreases.
 *
 * @param rowsPerStatement how many coupons one statement may name
 */
record Coupons(int rowsPerStatement) {

    /**
     * The subquery counts issues that were stored before their coupon, as when its definition was set aside as a dead
     * letter and replayed later. {@code version} is assigned last: MySQL assigns from left to right, and the other
     * columns compare with its old value.
     */
    private static final String APPLY = """
            INSERT INTO coupons (coupon_id, name, stock, issued_quantity, status, opens_at, closes_at, version)
            VALUES (?, ?, ?, GREATEST(?, COALESCE((SELECT MAX(sequence) FROM issued_coupons WHERE coupon_id = ?), 0)),
              ?, ?, ?, ?)
            ON DUPLICATE KEY UPDATE
              name = IF(version < ?, ?, name),
              stock = IF(version < ?, ?, stock),
              issued_quantity = GREATEST(issued_quantity, ?),
              status = IF(version < ?, ?, status),
              opens_at = IF(version < ?, ?, opens_at),
              closes_at = IF(version < ?, ?, closes_at),
              version = GREATEST(version, ?)""";

    private static final String RAISE = """
            UPDATE coupons SET issued_quantity = GREATEST(issued_quantity, CASE coupon_id %s END)
            WHERE coupon_id IN (%s)""";

    /** Inserts or updates coupons. */
    void apply(Connection connection, List<CouponState> states) throws SQLException {
        if (states.isEmpty()) {
            return;
        }
        try (PreparedStatement apply = connection.prepareStatement(APPLY)) {
            for (CouponState state : states) {
                bind(apply, state);
                apply.executeUpdate();
            }
        }
    }

    private static void bind(PreparedStatement apply, CouponState state) throws SQLException {
        CouponDefinition definition = state.definition();
        Object opensAt = Sql.utc(definition.opensAt());
        Object closesAt = Sql.utc(definition.closesAt());
        String id = state.couponId().value();
        String status = state.status().name();
        long version = state.version();
        setAll(apply, id, definition.name(), definition.stock(), state.issued(), id, status, opensAt, closesAt, version,
                version, definition.name(), version, definition.stock(), state.issued(), version, status,
                version, opensAt, version, closesAt, version);
    }

    private static void setAll(PreparedStatement statement, Object... values) throws SQLException {
        for (int i = 0; i < values.length; i++) {
            statement.setObject(i + 1, values[i]);
        }
    }

    /** Raises the number of issues of each coupon to the given sequence, if it is lower. */
    void raiseIssued(Connection connection, Map<CouponId, Long> issued) throws SQLException {
        var entries = issued.entrySet().stream();
        for (var chunk : entries.gather(Gatherers.windowFixed(rowsPerStatement)).toList()) {
            raiseChunk(connection, chunk);
        }
    }

    private static void raiseChunk(Connection connection, List<Map.Entry<CouponId, Long>> issued) throws SQLException {
        String raise = RAISE.formatted("WHEN ? THEN ? ".repeat(issued.size()), Sql.list(issued.size(), "?"));
        try (PreparedStatement update = Sql.prepareOnce(connection, raise)) {
            int parameter = 1;
            for (Map.Entry<CouponId, Long> coupon : issued) {
                update.setString(parameter++, coupon.getKey().value());
                update.setLong(parameter++, coupon.getValue());
            }
            for (Map.Entry<CouponId, Long> coupon : issued) {
                update.setString(parameter++, coupon.getKey().value());
            }
            update.executeUpdate();
        }
    }
}

package io.firstcome.sink.mysql;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Gatherers;

import io.firstcome.contract.CouponDefinition;
import io.firstcome.contract.CouponState;
import io.firstcome.contract.id.CouponId;

/**
 * The table of coupons, with the numbers of issues and of revocations of each. An older version never overwrites a
 * newer one, and the numbers never decrease. A row of the same version has the same definition and status, however
 * often the log is read: a replay, a repeated command and a rebuild bring other numbers at most.
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
    private static final String STORED = """
            SELECT name, stock, per_user, reclaim, status, opens_at, closes_at, version FROM coupons
            WHERE coupon_id = ?""";

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

    /**
     * Inserts or updates coupons.
     *
     * @throws Divergence when a row has the version of a state and another definition or status
     */
    void apply(Connection connection, List<CouponState> states) throws SQLException, Divergence {
        if (states.isEmpty()) {
            return;
        }
        try (PreparedStatement apply = connection.prepareStatement(APPLY)) {
            for (CouponState state : states) {
                Counts counts = new Counts(state.issued(), state.revoked());
                Optional<StoredCoupon> stored = stored(connection, state.couponId());
                if (stored.isEmpty()) {
                    counts = counts.raisedTo(storedBefore(connection, state.couponId()));
                } else if (stored.get().contradicts(state)) {
                    throw new Divergence("the log holds " + state + " but coupons holds " + stored.get());
                }
                bind(apply, state, counts);
                apply.executeUpdate();
            }
        }
    }

    private static Optional<StoredCoupon> stored(Connection connection, CouponId coupon) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(STORED)) {
            select.setString(1, coupon.value());
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? Optional.of(StoredCoupon.read(row)) : Optional.empty();
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

    /** The fields of a row that change with the version, as text where a row may hold what no definition may. */
    private record StoredCoupon(long version, String name, long stock, int perUser, boolean reclaim, String status,
            LocalDateTime opensAt, LocalDateTime closesAt) {

        static StoredCoupon read(ResultSet row) throws SQLException {
            return new StoredCoupon(row.getLong("version"), row.getString("name"), row.getLong("stock"),
                    row.getInt("per_user"), row.getBoolean("reclaim"), row.getString("status"),
                    row.getObject("opens_at", LocalDateTime.class), row.getObject("closes_at", LocalDateTime.class));
        }

        static StoredCoupon of(CouponState state) {
            CouponDefinition definition = state.definition();
            return new StoredCoupon(state.version(), definition.name(), definition.stock(), definition.perUser(),
                    definition.reclaim(), state.status().name(), Sql.utc(definition.opensAt()),
                    Sql.utc(definition.closesAt()));
        }

        boolean contradicts(CouponState state) {
            return version == state.version() && !equals(of(state));
        }
    }

    private record Counts(long issued, long revoked) {

        Counts raisedTo(Counts other) {
            return new Counts(Math.max(issued, other.issued), Math.max(revoked, other.revoked));
        }
    }
}

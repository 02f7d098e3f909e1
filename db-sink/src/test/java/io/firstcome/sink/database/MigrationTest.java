package io.firstcome.sink.database;

import static io.firstcome.testkit.fixture.CouponFixture.COUPON;
import static io.firstcome.testkit.fixture.CouponFixture.at;
import static io.firstcome.testkit.fixture.OutcomeFixture.issued;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.ResultSet;
import java.time.Duration;
import java.util.List;

import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;

import io.firstcome.contract.CouponOutcome.CouponIssued;
import io.firstcome.sink.batch.IssuanceBatch;
import io.firstcome.sink.fixture.DatabaseServer;
import io.firstcome.sink.fixture.TestDatabase;
import io.firstcome.sink.mysql.MySqlWriter;
import io.firstcome.sink.mysql.OffsetStep;
import io.firstcome.sink.mysql.WriteResult.Written;

/** Databases of earlier releases, with rows, on each server. */
@ParameterizedClass
@EnumSource(DatabaseServer.class)
class MigrationTest {

    private static final CouponIssued AMY = issued("r1", "amy", 1, at(1));
    private static final CouponIssued BOB = issued("r2", "bob", 2, at(2));

    private static final String STORED = """
            SELECT GROUP_CONCAT(CONCAT_WS('|', coupon_id, sequence, user_id, nth, request_id, issued_at,
              COALESCE(revoked_at, 'held')) ORDER BY sequence) FROM issued_coupons""";
    private static final String KEYS = """
            SELECT GROUP_CONCAT(CONCAT(index_name, non_unique, '.', column_name) ORDER BY index_name, seq_in_index)
            FROM information_schema.statistics WHERE table_schema = DATABASE() AND table_name = 'issued_coupons'""";

    @Parameter
    private DatabaseServer server;

    private TestDatabase test;

    @BeforeEach
    void storeRowsOfTheSecondVersion() throws Exception {
        test = TestDatabase.create(server);
        Flyway.configure().dataSource(test.url(), null, null).target("2").load().migrate();
        test.execute("INSERT INTO coupons VALUES ('" + COUPON
                + "', 'Coffee', 5, 2, 'ACTIVE', '2026-01-01', '2026-01-02', 1)");
        storeAsBefore(AMY);
        storeAsBefore(BOB);
        test.execute("INSERT INTO sink_offsets VALUES ('coupon-outcomes', 0, 3)");
        test.execute("INSERT INTO sink_logs VALUES ('coupon-outcomes', 'some-topic-id')");
    }

    /** The statement of the releases before version 3. */
    private void storeAsBefore(CouponIssued row) throws Exception {
        test.execute("""
                INSERT INTO issued_coupons (coupon_id, user_id, sequence, request_id, issued_at)
                VALUES ('%s', '%s', %d, '%s', '%s')"""
                .formatted(row.couponId(), row.userId(), row.sequence(), row.requestId(),
                        row.issuedAt().toString().replace('T', ' ').replace("Z", "")));
    }

    @AfterEach
    void drop() throws Exception {
        // The test was skipped before it created a database.
        if (test != null) {
            test.close();
        }
    }

    @Test
    void shouldKeepTheRowsOfTheSecondVersion() throws Exception {
        // when
        test.open().close();

        // then
        assertThat(test.query(STORED)).isEqualTo(
                "%1$s|1|amy|1|r1|2026-01-01 09:00:01.000|held,%1$s|2|bob|1|r2|2026-01-01 09:00:02.000|held"
                        .formatted(COUPON));
        assertThat(test.query("""
                SELECT CONCAT_WS('|', issued_quantity, revoked_quantity, per_user, reclaim) FROM coupons"""))
                .isEqualTo("2|0|1|1");
        assertThat(test.query("SELECT next_offset FROM sink_offsets")).isEqualTo("3");
        assertThat(test.query("SELECT topic_id FROM sink_logs")).isEqualTo("some-topic-id");
    }

    @Test
    void shouldClusterRowsBySequence() throws Exception {
        // when
        test.open().close();

        // then
        assertThat(test.query(KEYS)).isEqualTo("issued_to_user1.user_id,issued_to_user1.issued_at,"
                + "issued_to_user1.coupon_id,issued_to_user1.sequence,"
                + "issued_to_user_nth0.coupon_id,issued_to_user_nth0.user_id,issued_to_user_nth0.nth,"
                + "PRIMARY0.coupon_id,PRIMARY0.sequence");
    }

    @Test
    void shouldContinueAfterTheMigration() throws Exception {
        // when
        try (Database database = test.open()) {
            var writer = new MySqlWriter(database.connections());
            var batch = IssuanceBatch.of(List.of(AMY, BOB, issued("r3", "cleo", 3, at(3))));

            // then
            assertThat(writer.write(new OffsetStep("coupon-outcomes", 0, 3, 6), batch)).isEqualTo(new Written(1, 0, 2));
        }
    }

    @Test
    void shouldAcceptTheStatementsOfTheReleaseBefore() throws Exception {
        // given
        test.open().close();

        // when
        storeAsBefore(issued("r3", "cleo", 3, at(3)));
        test.execute("""
                INSERT INTO coupons (coupon_id, name, stock, issued_quantity, status, opens_at, closes_at, version)
                VALUES ('tea', 'Tea', 1, 0, 'ACTIVE', '2026-01-01', '2026-01-02', 1)""");

        // then
        assertThat(test.query("SELECT nth FROM issued_coupons WHERE sequence = 3 AND revoked_at IS NULL"))
                .isEqualTo("1");
        assertThat(test.query("SELECT reclaim FROM coupons WHERE coupon_id = 'tea'")).isEqualTo("1");
    }

    @Test
    void shouldRunAgainAfterAnInterruption() throws Exception {
        // given: the client died between the change of the tables and the entry about it
        test.open().close();
        test.execute("DELETE FROM flyway_schema_history WHERE version IN ('3', '4')");
        String keys = test.query(KEYS);

        // when
        test.open().close();

        // then
        assertThat(test.query(KEYS)).isEqualTo(keys);
        assertThat(test.query("SELECT success FROM flyway_schema_history WHERE version = '3'")).isEqualTo("1");
    }

    @Test
    void shouldRunAgainAfterAFailure() throws Exception {
        // given
        test.execute("CREATE INDEX issued_to_user_nth ON issued_coupons (request_id)");
        assertThatThrownBy(() -> test.open().close()).isInstanceOf(DatabaseUnavailable.class)
                .hasMessageContaining("issued_to_user_nth");
        test.execute("DROP INDEX issued_to_user_nth ON issued_coupons");

        // when
        test.open().close();

        // then
        assertThat(test.query("SELECT COUNT(*) FROM issued_coupons WHERE nth = 1")).isEqualTo("2");
    }

    @Test
    void shouldNotLimitHowLongAMigrationTakes() throws Exception {
        // given
        HikariConfig configuration = Database.migrationConfiguration(test.settings());

        // when
        try (var pool = new HikariDataSource(configuration);
                Connection connection = pool.getConnection();
                ResultSet session = connection.createStatement().executeQuery("SELECT @@wait_timeout")) {
            session.next();

            // then: not by the driver, and not by the server while the connection is idle
            assertThat(connection.getNetworkTimeout()).isZero();
            assertThat(session.getLong(1)).isGreaterThanOrEqualTo(Duration.ofHours(8).toSeconds());
        }
    }
}

package io.firstcome.sink;

import static io.firstcome.sink.fixture.Issues.issues;
import static io.firstcome.testkit.fixture.CouponFixture.COUPON;
import static io.firstcome.testkit.fixture.CouponFixture.OPENS_AT;
import static io.firstcome.testkit.fixture.CouponFixture.couponWithStock;
import static io.firstcome.testkit.fixture.OutcomeFixture.changed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.firstcome.contract.CouponOutcome.CouponChanged.Change;
import io.firstcome.contract.CouponStatus;
import io.firstcome.embedded.EmbeddedMariaDb;
import io.firstcome.embedded.process.FreePort;
import io.firstcome.sink.database.DatabaseSettings;
import io.firstcome.sink.fixture.LockedCoupon;
import io.firstcome.sink.fixture.OutcomesTopic;
import io.firstcome.sink.fixture.RunningSink;
import io.firstcome.sink.fixture.Servers;
import io.firstcome.testkit.evidence.StoredCoupon;
import io.firstcome.testkit.evidence.StoredRows;

/** A database server that starts late, crashes and restarts. */
class SinkOutageTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final Path DIRECTORY = Servers.newDirectory("dying-mariadb");

    private final int port = FreePort.pick();
    private final OutcomesTopic topic = OutcomesTopic.create(1);
    private EmbeddedMariaDb server;
    private DatabaseSettings database;
    private RunningSink sink;

    @BeforeEach
    void startServer() throws SQLException {
        server = EmbeddedMariaDb.start(DIRECTORY, port);
        database = new DatabaseSettings(server.jdbcUrl(), "", "", 2, 2);
        try (Connection connection = DriverManager.getConnection(server.jdbcUrl());
                var statement = connection.createStatement()) {
            statement.execute("DROP DATABASE firstcome");
            statement.execute("CREATE DATABASE firstcome");
        }
    }

    @AfterEach
    void close() {
        sink.close();
        topic.close();
        server.close();
    }

    @Test
    void shouldWaitForADatabaseThatStartsLater() throws SQLException {
        // given
        server.close();
        topic.append(issues(1, 5));

        // when
        sink = RunningSink.start(topic.kafka(), database);

        // then
        await().until(() -> sink.problems().contains("Connection refused"));
        assertThat(sink.isLive()).isTrue();
        assertThat(sink.couponsOf("user-1").statusCode()).isEqualTo(503);
        assertThat(sink.couponsOf("user-1").headers().firstValue("Retry-After")).contains("1");

        // when
        server = EmbeddedMariaDb.start(DIRECTORY, port);

        // then
        await().atMost(TIMEOUT).until(() -> sink.isReady() && rows().issues().size() == 5);
        // The queries use a pool of their own, which notices later that the server is back.
        await().until(() -> sink.couponsOf("user-1").statusCode() == 200);
    }

    @Test
    void shouldStoreEverythingAfterAnOutage() throws SQLException {
        // given
        sink = RunningSink.start(topic.kafka(), database);
        topic.append(issues(1, 50));
        await().until(() -> sink.isReady() && rows().issues().size() == 50);

        // when
        crash();
        topic.append(issues(51, 100));

        // then
        await().until(() -> sink.metric("firstcome_sink_lag") >= 50);
        await().until(() -> sink.problems().contains("storing"));
        assertThat(sink.isLive()).isTrue();

        // when
        server = EmbeddedMariaDb.start(DIRECTORY, port);

        // then
        await().atMost(TIMEOUT).until(() -> rows().issues().size() == 100);
        assertThat(sink.metric("firstcome_sink_dead_letters_total")).isZero();
        await().until(sink::isReady);
    }

    @Test
    void shouldStoreABatchOnceThoughTheDatabaseCrashesDuringIt() throws SQLException {
        // given
        sink = RunningSink.start(topic.kafka(), database);
        topic.append(changed("a1", Change.CREATED, couponWithStock(50), OPENS_AT));
        await().until(() -> sink.isReady() && rows().coupons().size() == 1);
        LockedCoupon lock = LockedCoupon.of(server.jdbcUrl());
        topic.append(issues(1, 50));
        lock.awaitWaitingWriter();

        // when
        crash();
        server = EmbeddedMariaDb.start(DIRECTORY, port);

        // then
        await().atMost(TIMEOUT).until(() -> rows().issues().size() == 50);
        assertThat(rows().coupons()).containsExactly(new StoredCoupon(COUPON, 50, 50, CouponStatus.ACTIVE));
        await().untilAsserted(() -> assertThat(sink.metric("firstcome_sink_rows_total")).isEqualTo(50));
        assertThat(sink.metric("firstcome_sink_rows_duplicate_total")).isZero();
    }

    @Test
    void shouldNoticeAnOutageWithNothingToStore() {
        // given
        sink = RunningSink.start(topic.kafka(), database);
        await().until(sink::isReady);

        // when
        crash();

        // then
        await().atMost(TIMEOUT).until(() -> !sink.isReady());
    }

    private void crash() {
        server.kill();
        server.close();
    }

    private StoredRows rows() throws SQLException {
        try (Connection connection = DriverManager.getConnection(database.jdbcUrl())) {
            return StoredRows.read(connection);
        }
    }
}

package io.firstcome.sink.mysql;

import static io.firstcome.testkit.fixture.CouponFixture.OPENS_AT;
import static io.firstcome.testkit.fixture.CouponFixture.at;
import static io.firstcome.testkit.fixture.CouponFixture.couponWithStock;
import static io.firstcome.testkit.fixture.OutcomeFixture.changed;
import static io.firstcome.testkit.fixture.OutcomeFixture.issued;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

import io.firstcome.contract.CouponOutcome.CouponChanged.Change;
import io.firstcome.contract.Topics;
import io.firstcome.sink.batch.IssuanceBatch;
import io.firstcome.sink.fixture.DatabaseServer;
import io.firstcome.sink.fixture.TestDatabase;
import io.firstcome.sink.mysql.WriteResult.Unavailable;
import io.firstcome.sink.mysql.WriteResult.Written;

/** What the transaction does when something happens between its first statement and its last. */
@ParameterizedClass
@EnumSource
class MySqlWriterFaultTest {

    private static final String TOPIC = Topics.OUTCOMES.name();
    private static final OffsetStep STEP = new OffsetStep(TOPIC, 0, 1, 3);
    private static final IssuanceBatch BATCH = IssuanceBatch
            .of(List.of(issued("r1", "amy", 1, at(1)), issued("r2", "bob", 2, at(2))));

    @Parameter
    private DatabaseServer server;
    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
    private TestDatabase test;
    private Database database;
    private MySqlWriter writer;

    @BeforeEach
    void open() throws Exception {
        test = TestDatabase.create(server);
        database = test.open();
        writer = new MySqlWriter(database.connections());
        writer.position(TOPIC, 0);
        writer.write(new OffsetStep(TOPIC, 0, 0, 1),
                IssuanceBatch.of(List.of(changed("a1", Change.CREATED, couponWithStock(5), OPENS_AT))));
    }

    @AfterEach
    void close() throws Exception {
        executor.close();
        if (database != null) {
            database.close();
            test.close();
        }
    }

    @Test
    void shouldStoreNothingWhenTheConnectionDiesBetweenInsertAndCommit() throws Exception {
        try (Connection other = begin()) {
            // given
            lockTheCoupon(other);
            Future<WriteResult> write = executor.submit(() -> writer.write(STEP, BATCH));

            // when
            test.execute("KILL " + awaitWriterWaiting());

            // then
            assertThat(write.get()).isInstanceOf(Unavailable.class);
            assertThat(test.rows().issues()).isEmpty();
            assertThat(writer.position(TOPIC, 0)).isEqualTo(1);
        }
        assertThat(writer.write(STEP, BATCH)).isEqualTo(new Written(2, 0));
    }

    @Test
    void shouldTryTheWholeTransactionAgainAfterADeadlock() throws Exception {
        try (Connection other = begin(); Statement statement = other.createStatement()) {
            // given
            beTheOneThatIsSpared(statement);
            lockTheCoupon(other);
            Future<WriteResult> write = executor.submit(() -> writer.write(STEP, BATCH));
            awaitWriterWaiting();

            // when
            long seen = position(statement, " FOR UPDATE");

            // then
            assertThat(seen).as("the writer, which held this row, was rolled back").isEqualTo(1);
            other.commit();
            assertThat(write.get()).isEqualTo(new Written(2, 0));
        }
        assertThat(test.rows().issues()).hasSize(2);
    }

    @Test
    void shouldReadAPositionOnlyWhenTheBatchUnderWayHasEnded() throws Exception {
        try (Connection predecessor = begin()) {
            // given
            SinkOffsets.advance(predecessor, STEP);

            // when
            Future<Long> position = executor.submit(positionForSuccessor());
            awaitWriterWaiting();
            predecessor.commit();

            // then
            assertThat(position.get()).isEqualTo(3);
        }
    }

    @Test
    void shouldGiveUpWaitingForAWriterThatIsSuspended() throws Exception {
        try (Connection predecessor = begin()) {
            SinkOffsets.advance(predecessor, STEP);
            assertThat(executor.submit(() -> writer.write(STEP, BATCH)).get()).isInstanceOf(Unavailable.class);
        }
        assertThat(writer.write(STEP, BATCH)).isEqualTo(new Written(2, 0));
    }

    private Callable<Long> positionForSuccessor() {
        return () -> new MySqlWriter(database.connections()).position(TOPIC, 0);
    }

    private Connection begin() throws SQLException {
        Connection connection = test.connect();
        connection.setAutoCommit(false);
        return connection;
    }

    /** InnoDB ends the transaction that has changed less. */
    private static void beTheOneThatIsSpared(Statement statement) throws SQLException {
        for (int i = 0; i < 50; i++) {
            statement.execute("INSERT INTO sink_offsets VALUES ('ballast', " + i + ", 0)");
        }
    }

    private static void lockTheCoupon(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SELECT * FROM coupons FOR UPDATE");
        }
    }

    private static long position(Statement statement, String how) throws SQLException {
        try (ResultSet row = statement
                .executeQuery("SELECT next_offset FROM sink_offsets WHERE topic = '" + TOPIC + "'" + how)) {
            row.next();
            return row.getLong(1);
        }
    }

    /** The connection of the one transaction that waits for a lock. */
    private long awaitWriterWaiting() {
        String waiting = "SELECT trx_mysql_thread_id FROM information_schema.innodb_trx WHERE trx_state = 'LOCK WAIT'";
        return Long.parseLong(await().until(() -> test.query(waiting), id -> id != null));
    }
}

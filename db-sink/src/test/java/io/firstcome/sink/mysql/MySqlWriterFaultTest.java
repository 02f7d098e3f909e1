package io.firstcome.sink.mysql;

import static io.firstcome.sink.fixture.Issues.issues;
import static io.firstcome.testkit.fixture.CouponFixture.OPENS_AT;
import static io.firstcome.testkit.fixture.CouponFixture.couponWithStock;
import static io.firstcome.testkit.fixture.OutcomeFixture.changed;
import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.firstcome.contract.CouponOutcome.CouponChanged.Change;
import io.firstcome.sink.batch.IssuanceBatch;
import io.firstcome.sink.fixture.DatabaseTest;
import io.firstcome.sink.fixture.LockedCoupon;
import io.firstcome.sink.mysql.WriteResult.Unavailable;
import io.firstcome.sink.mysql.WriteResult.Written;

/** Failures between the first and the last statement of the transaction. */
class MySqlWriterFaultTest extends DatabaseTest {

    private static final OffsetStep STEP = new OffsetStep(TOPIC, 0, 1, 3);
    private static final IssuanceBatch BATCH = IssuanceBatch.of(issues(1, 2));

    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
    private MySqlWriter writer;

    @BeforeEach
    void storeACoupon() throws Exception {
        writer = new MySqlWriter(database.connections());
        writer.position(TOPIC, 0);
        writer.write(new OffsetStep(TOPIC, 0, 0, 1),
                IssuanceBatch.of(List.of(changed("a1", Change.CREATED, couponWithStock(5), OPENS_AT))));
    }

    @AfterEach
    void close() {
        executor.close();
    }

    @Test
    void shouldStoreNothingWhenTheConnectionBreaksBeforeCommit() throws Exception {
        try (var lock = LockedCoupon.of(test.url())) {
            // given
            Future<WriteResult> write = executor.submit(() -> writer.write(STEP, BATCH));

            // when
            lock.kill(lock.awaitWaitingWriter());

            // then
            assertThat(write.get()).isInstanceOf(Unavailable.class);
            assertThat(test.rows().issues()).isEmpty();
            assertThat(writer.position(TOPIC, 0)).isEqualTo(1);
        }
        assertThat(writer.write(STEP, BATCH)).isEqualTo(new Written(2, 0, 0));
    }

    @Test
    void shouldRepeatTheTransactionAfterADeadlock() throws Exception {
        Future<WriteResult> write;
        try (var lock = LockedCoupon.of(test.url())) {
            // given
            avoidBeingTheDeadlockVictim(lock);
            write = executor.submit(() -> writer.write(STEP, BATCH));
            lock.awaitWaitingWriter();

            // when: the writer holds the row of its offset and waits for the coupon, which completes a deadlock
            lock.execute("SELECT * FROM sink_offsets WHERE kafka_partition = 0 FOR UPDATE");
        }

        // then
        assertThat(write.get()).isEqualTo(new Written(2, 0, 0));
        assertThat(test.rows().issues()).hasSize(2);
    }

    @Test
    void shouldReadAPositionOnlyAfterTheBatchUnderWay() throws Exception {
        try (Connection predecessor = begin(); var observer = LockedCoupon.of(test.url())) {
            // given
            SinkOffsets.advance(predecessor, STEP);

            // when
            Future<Long> position = executor.submit(() -> writer.position(TOPIC, 0));
            observer.awaitWaitingWriter();
            predecessor.commit();

            // then
            assertThat(position.get()).isEqualTo(3);
        }
    }

    @Test
    void shouldStopWaitingForASuspendedWriter() throws Exception {
        // given
        WriteResult result;
        try (Connection suspended = begin()) {
            SinkOffsets.advance(suspended, STEP);

            // when
            result = writer.write(STEP, BATCH);
        }

        // then
        assertThat(result).isInstanceOf(Unavailable.class);
        assertThat(writer.write(STEP, BATCH)).isEqualTo(new Written(2, 0, 0));
    }

    private static Connection begin() throws SQLException {
        Connection connection = test.connect();
        connection.setAutoCommit(false);
        return connection;
    }

    /** InnoDB rolls back the transaction that has changed fewer rows. */
    private static void avoidBeingTheDeadlockVictim(LockedCoupon lock) throws SQLException {
        for (int i = 0; i < 50; i++) {
            lock.execute("INSERT INTO sink_offsets VALUES ('ballast', " + i + ", 0)");
        }
    }
}

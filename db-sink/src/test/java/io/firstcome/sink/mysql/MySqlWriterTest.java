package io.firstcome.sink.mysql;

import static io.firstcome.testkit.fixture.CouponFixture.CLOSES_AT;
import static io.firstcome.testkit.fixture.CouponFixture.COUPON;
import static io.firstcome.testkit.fixture.CouponFixture.OPENS_AT;
import static io.firstcome.testkit.fixture.CouponFixture.at;
import static io.firstcome.testkit.fixture.CouponFixture.atMillis;
import static io.firstcome.testkit.fixture.CouponFixture.couponId;
import static io.firstcome.testkit.fixture.CouponFixture.couponWithStock;
import static io.firstcome.testkit.fixture.CouponFixture.definition;
import static io.firstcome.testkit.fixture.CouponFixture.pausedCoupon;
import static io.firstcome.testkit.fixture.CouponFixture.requestId;
import static io.firstcome.testkit.fixture.CouponFixture.userId;
import static io.firstcome.testkit.fixture.OutcomeFixture.changed;
import static io.firstcome.testkit.fixture.OutcomeFixture.issued;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.TimeZone;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import io.firstcome.contract.CouponDefinition;
import io.firstcome.contract.CouponOutcome;
import io.firstcome.contract.CouponOutcome.CouponChanged;
import io.firstcome.contract.CouponOutcome.CouponChanged.Change;
import io.firstcome.contract.CouponOutcome.CouponIssued;
import io.firstcome.contract.CouponOutcome.IssueRevoked;
import io.firstcome.contract.CouponState;
import io.firstcome.contract.CouponStatus;
import io.firstcome.sink.batch.IssuanceBatch;
import io.firstcome.sink.database.Database;
import io.firstcome.sink.fixture.DatabaseTest;
import io.firstcome.sink.fixture.LockedCoupon;
import io.firstcome.sink.fixture.TestDatabase;
import io.firstcome.sink.mysql.WriteResult.Diverged;
import io.firstcome.sink.mysql.WriteResult.Fenced;
import io.firstcome.sink.mysql.WriteResult.Refused;
import io.firstcome.sink.mysql.WriteResult.Unavailable;
import io.firstcome.sink.mysql.WriteResult.Written;
import io.firstcome.testkit.evidence.StoredCoupon;

class MySqlWriterTest extends DatabaseTest {

    private static final String REVOCATIONS = """
            SELECT GROUP_CONCAT(CONCAT(sequence, '=', COALESCE(revoked_at, 'held')) ORDER BY sequence)
            FROM issued_coupons""";
    private static final String QUANTITIES = """
            SELECT CONCAT(issued_quantity, ' issued, ', revoked_quantity, ' revoked') FROM coupons""";

    private MySqlWriter writer;
    private long position;

    @BeforeEach
    void open() throws Exception {
        writer = new MySqlWriter(database.connections());
        position = writer.position(TOPIC, 0);
    }

    @Test
    void shouldStartAtZeroAndContinue() throws Exception {
        // given
        assertThat(position).isZero();

        // when
        write(issued("r1", "amy", 1, at(1)), issued("r2", "bob", 2, at(2)));

        // then
        assertThat(writer.position(TOPIC, 0)).isEqualTo(2);
        assertThat(writer.position(TOPIC, 1)).isZero();
    }

    @Test
    void shouldStoreIssuesAndTheCouponTheyAreOf() throws Exception {
        // when
        WriteResult result = write(created(5), issued("r1", "amy", 1, atMillis(1)), issued("r2", "bob", 2, at(2)));

        // then
        assertThat(result).isEqualTo(new Written(2, 0, 0));
        assertThat(test.rows().issues()).extracting(row -> row.userId().value(), row -> row.sequence(),
                row -> row.requestId().value(), row -> row.issuedAt())
                .containsExactlyInAnyOrder(tuple("amy", 1L, "r1", atMillis(1)),
                        tuple("bob", 2L, "r2", at(2)));
        assertThat(test.rows().coupons()).containsExactly(new StoredCoupon(COUPON, 5, 2, CouponStatus.ACTIVE));
    }

    @Test
    void shouldStoreTimesInUtcWhateverTheZonesAre() throws Exception {
        // given
        TimeZone before = TimeZone.getDefault();
        TimeZone.setDefault(TimeZone.getTimeZone("Asia/Seoul"));
        try (Database inSeoul = test.open()) {
            test.execute("SET GLOBAL time_zone = '-07:00'");

            // when
            new MySqlWriter(inSeoul.connections()).write(step(2),
                    IssuanceBatch.of(List.of(created(5), issued("r1", "amy", 1, atMillis(-1)))));
        } finally {
            TimeZone.setDefault(before);
            test.execute("SET GLOBAL time_zone = 'SYSTEM'");
        }

        // then
        assertThat(test.query("SELECT CAST(issued_at AS CHAR) FROM issued_coupons"))
                .isEqualTo("2026-01-01 08:59:59.999");
        assertThat(test.query("SELECT CAST(opens_at AS CHAR) FROM coupons")).isEqualTo("2026-01-01 09:00:00.000");
        assertThat(test.query("SELECT CAST(closes_at AS CHAR) FROM coupons")).isEqualTo("2026-01-01 10:00:00.000");
    }

    @Test
    void shouldChangeNothingWhenAnotherWriterMovedThePosition() throws Exception {
        // given
        var successor = new MySqlWriter(database.connections());
        successor.write(step(1), IssuanceBatch.of(List.of(issued("r1", "amy", 1, at(1)))));

        // when
        OffsetStep stale = step(2);
        WriteResult result = writer.write(stale, IssuanceBatch.of(List.of(issued("r9", "eve", 1, at(9)))));

        // then
        assertThat(result).isEqualTo(new Fenced(stale));
        assertThat(test.rows().issues()).extracting(row -> row.userId().value()).containsExactly("amy");
        assertThat(writer.position(TOPIC, 0)).isEqualTo(1);
    }

    @Test
    void shouldNotChangeRowsWithTheSameValues() throws Exception {
        // given
        write(issued("r1", "amy", 1, at(1)), issued("r2", "bob", 2, at(2)));

        // when
        WriteResult result = write(issued("r2", "bob", 2, at(2)), issued("r3", "cleo", 3, at(3)),
                issued("r1", "amy", 1, at(1)), issued("r3", "cleo", 3, at(3)));

        // then
        assertThat(result).isEqualTo(new Written(1, 0, 3));
        assertThat(test.rows().issues()).hasSize(3);
    }

    @Test
    void shouldReportAnotherRowForTheSameUser() throws Exception {
        // given
        write(issued("r1", "amy", 1, at(1)));

        // when
        WriteResult result = write(issued("r3", "bob", 3, at(3)), issued("r2", "amy", 2, at(2)));

        // then
        assertThat(result).isInstanceOfSatisfying(Diverged.class,
                diverged -> assertThat(diverged.what()).contains("r1").contains("r2"));
        assertThat(test.rows().issues()).hasSize(1);
    }

    /** The pool gives the connection of the first transaction to the second one. */
    @Test
    void shouldNotLeaveRowsOfAFailedTransactionToTheNextOne() throws Exception {
        // given
        write(issued("r1", "amy", 1, at(1)));

        // when
        WriteResult failed = writer.store(
                IssuanceBatch.of(List.of(issued("r2", "bob", 2, at(2)), revoked("cleo", 3, 1, at(3)))));
        WriteResult next = writer.store(IssuanceBatch.of(List.of(issued("r4", "dan", 4, at(4)))));

        // then
        assertThat(failed).isInstanceOf(Diverged.class);
        assertThat(next).isEqualTo(new Written(1, 0, 0));
        assertThat(test.rows().issues()).extracting(row -> row.userId().value())
                .containsExactlyInAnyOrder("amy", "dan");
    }

    @Test
    void shouldReportAnotherUserWithTheSameSequence() throws Exception {
        // given
        write(issued("r1", "amy", 1, at(1)));

        // when
        WriteResult result = write(issued("r2", "bob", 1, at(2)));

        // then
        assertThat(result).isInstanceOfSatisfying(Diverged.class,
                diverged -> assertThat(diverged.what()).contains("amy"));
        assertThat(test.rows().issues()).hasSize(1);
    }

    @Test
    void shouldReportALogThatContradictsItself() throws Exception {
        // when
        WriteResult sameUser = write(issued("r1", "amy", 1, at(1)), issued("r2", "amy", 2, at(2)));
        WriteResult sameSequence = write(issued("r1", "amy", 1, at(1)), issued("r2", "bob", 1, at(2)));

        // then
        assertThat(sameUser).isInstanceOf(Diverged.class);
        assertThat(sameSequence).isInstanceOf(Diverged.class);
        assertThat(test.rows().issues()).isEmpty();
    }

    @Test
    void shouldDistinguishIdsThatDifferInCase() throws Exception {
        // when
        WriteResult result = write(issued("r1", "amy", 1, at(1)), issued("r2", "Amy", 2, at(1)),
                new CouponIssued(requestId("r3"), couponId("C1"), userId("amy"), 1, at(1)));

        // then
        assertThat(result).isEqualTo(new Written(3, 0, 0));
    }

    @Test
    void shouldNotLetAnOlderVersionOverwriteANewerOne() throws Exception {
        // given
        write(change(pausedCoupon(5).withIssued(3)));

        // when
        write(change(couponWithStock(9)));

        // then
        assertThat(test.rows().coupons()).containsExactly(new StoredCoupon(COUPON, 5, 3, CouponStatus.PAUSED));
    }

    /** A replay, a repeated definition and a rebuild bring the same version again, with other counts at most. */
    @Test
    void shouldAcceptTheSameVersionWithOtherCounts() throws Exception {
        // given
        write(created(5), issued("r1", "amy", 1, at(1)), issued("r2", "bob", 2, at(2)), revoked("amy", 1, 1, at(3)));

        // when
        WriteResult replay = write(created(5));
        WriteResult unchanged = write(
                changed("a9", Change.UNCHANGED, couponWithStock(5).withIssued(4).withRevoked(2), at(4)));

        // then
        assertThat(replay).isEqualTo(new Written(0, 0, 0));
        assertThat(unchanged).isEqualTo(new Written(0, 0, 0));
        assertThat(test.query(QUANTITIES)).isEqualTo("4 issued, 2 revoked");
    }

    @ParameterizedTest
    @MethodSource("otherStates")
    void shouldReportAnotherStateOfTheSameVersion(CouponState other) throws Exception {
        // given
        write(created(5), issued("r1", "amy", 1, at(1)));

        // when
        WriteResult result = write(issued("r2", "bob", 2, at(2)), change(other));

        // then
        assertThat(result).isInstanceOfSatisfying(Diverged.class,
                diverged -> assertThat(diverged.what()).contains(other.toString()).contains("coupons holds")
                        .contains("stock=5"));
        assertThat(test.rows().coupons()).containsExactly(new StoredCoupon(COUPON, 5, 1, CouponStatus.ACTIVE));
        assertThat(test.rows().issues()).hasSize(1);
    }

    static Stream<CouponState> otherStates() {
        return Stream.concat(Stream.of(new CouponState(definition(5), CouponStatus.PAUSED, 1, 1)), Stream.of(
                new CouponDefinition(COUPON, "Tea", 5, OPENS_AT, CLOSES_AT),
                new CouponDefinition(COUPON, definition(5).name() + " ", 5, OPENS_AT, CLOSES_AT),
                new CouponDefinition(COUPON, definition(5).name(), 6, OPENS_AT, CLOSES_AT),
                new CouponDefinition(COUPON, definition(5).name(), 5, OPENS_AT.plusMillis(1), CLOSES_AT),
                new CouponDefinition(COUPON, definition(5).name(), 5, OPENS_AT, CLOSES_AT.plusMillis(1)),
                new CouponDefinition(COUPON, definition(5).name(), 5, OPENS_AT, CLOSES_AT, 2, true),
                new CouponDefinition(COUPON, definition(5).name(), 5, OPENS_AT, CLOSES_AT, 1, false))
                .map(definition -> new CouponState(definition, CouponStatus.ACTIVE, 1, 0)));
    }

    @Test
    void shouldReportTwoStatesOfOneVersionInOneBatch() throws Exception {
        // when
        WriteResult result = write(created(5), change(couponWithStock(6).withIssued(1)));

        // then
        assertThat(result).isInstanceOf(Diverged.class);
        assertThat(test.rows().coupons()).isEmpty();
    }

    @Test
    void shouldUpdateEveryFieldFromANewerVersion() throws Exception {
        // given
        write(created(5), issued("r1", "amy", 1, at(1)));
        var definition = new CouponDefinition(COUPON, "커피 ☕ 무료 🎉", 7, OPENS_AT.minusSeconds(1),
                CLOSES_AT.plusSeconds(1), 3, false);

        // when
        write(change(new CouponState(definition, CouponStatus.CLOSED, 2, 1)));

        // then
        assertThat(
                test.query("SELECT CONCAT_WS('|', name, stock, per_user, reclaim, issued_quantity, status, opens_at,"
                        + " closes_at, version)"
                        + " FROM coupons"))
                .isEqualTo("커피 ☕ 무료 🎉|7|3|0|1|CLOSED|2026-01-01 08:59:59.000|2026-01-01 10:00:01.000|2");
    }

    @Test
    void shouldNeverLowerTheIssuedQuantity() throws Exception {
        // given
        write(created(5), issued("r3", "cleo", 3, at(3)));

        // when
        write(issued("r1", "amy", 1, at(1)), change(new CouponState(definition(5), CouponStatus.ACTIVE, 2, 1)));

        // then
        assertThat(test.rows().coupons()).containsExactly(new StoredCoupon(COUPON, 5, 3, CouponStatus.ACTIVE));
    }

    @Test
    void shouldCountIssuesThatWereStoredBeforeTheirCoupon() throws Exception {
        // given
        write(issued("r1", "amy", 1, at(1)), issued("r2", "bob", 2, at(2)));

        // when
        write(created(5));

        // then
        assertThat(test.rows().coupons()).containsExactly(new StoredCoupon(COUPON, 5, 2, CouponStatus.ACTIVE));
    }

    /** A definition that was set aside is replayed beside a running sink, which has just stored an issue. */
    @Test
    void shouldCountAnIssueThatASinkIsStoring() throws Exception {
        try (var sink = LockedCoupon.of(test.url())) {
            // given
            sink.execute("UPDATE sink_offsets SET next_offset = 1");
            sink.execute("""
                    INSERT INTO issued_coupons (coupon_id, user_id, sequence, request_id, issued_at)
                    VALUES ('%s', 'amy', 1, 'r1', '2026-01-01 09:00:01')""".formatted(COUPON));

            // when
            var replay = CompletableFuture.supplyAsync(() -> writer.store(IssuanceBatch.of(List.of(created(5)))));
            sink.awaitWaitingWriter();
            sink.execute("COMMIT");

            // then
            assertThat(replay).succeedsWithin(Duration.ofSeconds(30)).isEqualTo(new Written(0, 0, 0));
        }
        assertThat(test.query(QUANTITIES)).isEqualTo("1 issued, 0 revoked");
    }

    @Test
    void shouldStoreSeveralIssuesToOneUser() throws Exception {
        // when
        WriteResult result = write(issued("r1", "amy", 1, at(1)), issuedAgain("r2", "amy", 2, 2));

        // then
        assertThat(result).isEqualTo(new Written(2, 0, 0));
        assertThat(test.query("SELECT GROUP_CONCAT(nth ORDER BY sequence) FROM issued_coupons")).isEqualTo("1,2");
    }

    @Test
    void shouldReportAnotherRowForTheSameIssueToAUser() throws Exception {
        // given
        write(issued("r1", "amy", 1, at(1)), issuedAgain("r2", "amy", 2, 2));

        // when
        WriteResult result = write(issued("r3", "bob", 3, at(3)), issuedAgain("r4", "amy", 4, 2));

        // then
        assertThat(result).isInstanceOfSatisfying(Diverged.class,
                diverged -> assertThat(diverged.what()).contains("r2").contains("r4"));
    }

    @Test
    void shouldMarkARevokedRowAndKeepIt() throws Exception {
        // given
        write(created(5), issued("r1", "amy", 1, at(1)), issued("r2", "bob", 2, at(2)));

        // when
        WriteResult result = write(revoked("amy", 1, 1, at(3)));

        // then
        assertThat(result).isEqualTo(new Written(0, 1, 0));
        assertThat(test.query(REVOCATIONS)).isEqualTo("1=2026-01-01 09:00:03.000,2=held");
        assertThat(test.query(QUANTITIES)).isEqualTo("2 issued, 1 revoked");
    }

    @Test
    void shouldStoreAnIssueThatIsRevokedInTheSameBatch() throws Exception {
        // when
        WriteResult result = write(created(1), issued("r1", "amy", 1, at(1)), revoked("amy", 1, 1, at(2)),
                issuedAgain("r2", "amy", 2, 2), revoked("amy", 2, 2, at(3)), issued("r3", "bob", 3, at(4)));

        // then
        assertThat(result).isEqualTo(new Written(3, 2, 0));
        assertThat(test.query(REVOCATIONS))
                .isEqualTo("1=2026-01-01 09:00:02.000,2=2026-01-01 09:00:03.000,3=held");
        assertThat(test.query(QUANTITIES)).isEqualTo("3 issued, 2 revoked");
    }

    @Test
    void shouldNotChangeRevocationsWithTheSameValues() throws Exception {
        // given
        write(created(5), issued("r1", "amy", 1, at(1)), issued("r2", "bob", 2, at(2)), revoked("amy", 1, 1, at(3)),
                revoked("bob", 2, 2, at(4)));

        // when: everything again, as after a position that was set back, and one revocation under another request
        WriteResult replay = write(created(5), issued("r1", "amy", 1, at(1)), issued("r2", "bob", 2, at(2)),
                revoked("amy", 1, 1, at(3)), revoked("bob", 2, 2, at(4)));
        WriteResult repeated = write(revoked("amy", 1, 2, at(3)));

        // then
        assertThat(replay).isEqualTo(new Written(0, 0, 4));
        assertThat(repeated).isEqualTo(new Written(0, 0, 1));
        assertThat(test.query(REVOCATIONS)).isEqualTo("1=2026-01-01 09:00:03.000,2=2026-01-01 09:00:04.000");
        assertThat(test.query(QUANTITIES)).isEqualTo("2 issued, 2 revoked");
    }

    @Test
    void shouldReportARevocationWithoutItsIssue() throws Exception {
        // given
        write(issued("r1", "amy", 1, at(1)));

        // when
        WriteResult unknown = write(issued("r3", "cleo", 3, at(3)), revoked("bob", 2, 1, at(3)));
        WriteResult ofAnotherUser = write(revoked("bob", 1, 1, at(3)));

        // then
        assertThat(unknown).isInstanceOfSatisfying(Diverged.class,
                diverged -> assertThat(diverged.what()).contains("bob").contains("no such issue"));
        assertThat(ofAnotherUser).isInstanceOfSatisfying(Diverged.class,
                diverged -> assertThat(diverged.what()).contains("bob").contains("amy"));
        assertThat(test.query(REVOCATIONS)).isEqualTo("1=held");
    }

    @Test
    void shouldReportARevocationAtAnotherTime() throws Exception {
        // given
        write(issued("r1", "amy", 1, at(1)), issued("r2", "bob", 2, at(2)), revoked("amy", 1, 1, at(3)));

        // when
        WriteResult stored = write(revoked("amy", 1, 1, at(4)));
        WriteResult inOneBatch = write(revoked("bob", 2, 2, at(4)), revoked("bob", 2, 2, at(5)));

        // then
        assertThat(stored).isInstanceOf(Diverged.class);
        assertThat(inOneBatch).isInstanceOf(Diverged.class);
        assertThat(test.query(REVOCATIONS)).isEqualTo("1=2026-01-01 09:00:03.000,2=held");
    }

    @Test
    void shouldNeverLowerTheRevokedQuantity() throws Exception {
        // given
        write(created(5), issued("r1", "amy", 1, at(1)), issued("r2", "bob", 2, at(2)), revoked("bob", 2, 2, at(3)));

        // when
        write(revoked("amy", 1, 1, at(2)), change(new CouponState(definition(5), CouponStatus.ACTIVE, 2, 2, 1)));

        // then
        assertThat(test.query(QUANTITIES)).isEqualTo("2 issued, 2 revoked");
    }

    @Test
    void shouldCountRevocationsThatWereStoredBeforeTheirCoupon() throws Exception {
        // given
        write(issued("r1", "amy", 1, at(1)), issued("r2", "bob", 2, at(2)), revoked("amy", 1, 1, at(3)));

        // when
        write(created(5));

        // then
        assertThat(test.query(QUANTITIES)).isEqualTo("2 issued, 1 revoked");
    }

    @Test
    void shouldRevokeManyInOneBatch() throws Exception {
        // given
        write(LongStream.rangeClosed(1, 2_500).mapToObj(i -> issued("r" + i, "user-" + i, i, at(i)))
                .toArray(CouponOutcome[]::new));

        // when
        WriteResult result = write(LongStream.rangeClosed(1, 2_500).mapToObj(i -> revoked("user-" + i, i, i, at(i + 1)))
                .toArray(CouponOutcome[]::new));

        // then
        assertThat(result).isEqualTo(new Written(0, 2_500, 0));
        assertThat(test.query("""
                SELECT COUNT(*) FROM issued_coupons WHERE revoked_at = TIMESTAMPADD(SECOND, 1, issued_at)"""))
                .isEqualTo("2500");
    }

    @Test
    void shouldStoreABatchOfManyStatements() throws Exception {
        // given
        CouponOutcome[] issues = LongStream.rangeClosed(1, 5_000)
                .mapToObj(i -> issued("request-" + i, "user-" + i, i, at(i))).toArray(CouponOutcome[]::new);
        write(created(5_000));

        // when
        WriteResult result = write(issues);

        // then
        assertThat(result).isEqualTo(new Written(5_000, 0, 0));
        assertThat(test.rows().coupons()).containsExactly(new StoredCoupon(COUPON, 5_000, 5_000, CouponStatus.ACTIVE));
    }

    @Test
    void shouldReportARowThatTheServerRejects() throws Exception {
        // when
        WriteResult result = resultWhereTablesDiffer(
                "ALTER TABLE issued_coupons ADD CONSTRAINT no_mallory CHECK (user_id <> 'mallory')",
                issued("r1", "amy", 1, at(1)), issued("r2", "mallory", 2, at(2)));

        // then
        assertThat(result).isInstanceOfSatisfying(Refused.class,
                refused -> assertThat(refused.reason()).contains("no_mallory"));
    }

    @Test
    void shouldRejectALongValueEvenOnALenientServer() throws Exception {
        // given
        test.execute("SET GLOBAL sql_mode = ''");
        try {
            // when
            WriteResult result = resultWhereTablesDiffer(
                    "ALTER TABLE issued_coupons MODIFY user_id VARCHAR(3) CHARACTER SET ascii NOT NULL",
                    issued("r1", "amelia", 1, at(1)));

            // then
            assertThat(result).isInstanceOf(Refused.class);
        } finally {
            test.execute("SET GLOBAL sql_mode = DEFAULT");
        }
    }

    @Test
    void shouldReportMissingTablesAsUnavailable() throws Exception {
        // when
        WriteResult result = resultWhereTablesDiffer("DROP TABLE issued_coupons", issued("r1", "amy", 1, at(1)));

        // then
        assertThat(result).isInstanceOf(Unavailable.class);
    }

    private WriteResult resultWhereTablesDiffer(String difference, CouponOutcome... outcomes) throws Exception {
        try (TestDatabase own = TestDatabase.create(server); Database ownDatabase = own.open()) {
            own.execute(difference);
            var ownWriter = new MySqlWriter(ownDatabase.connections());
            ownWriter.position(TOPIC, 0);
            return ownWriter.write(new OffsetStep(TOPIC, 0, 0, 9), IssuanceBatch.of(List.of(outcomes)));
        }
    }

    private WriteResult write(CouponOutcome... outcomes) {
        OffsetStep step = step(position + outcomes.length);
        WriteResult result = writer.write(step, IssuanceBatch.of(List.of(outcomes)));
        if (result instanceof Written) {
            position = step.next();
        }
        return result;
    }

    private OffsetStep step(long next) {
        return new OffsetStep(TOPIC, 0, position, next);
    }

    private static CouponIssued issuedAgain(String request, String user, long sequence, int nth) {
        return new CouponIssued(requestId(request), COUPON, userId(user), sequence, at(sequence), nth);
    }

    /** The issue with this sequence was of the request {@code r<sequence>}. */
    private static IssueRevoked revoked(String user, long sequence, long count, Instant revokedAt) {
        return new IssueRevoked(requestId("v" + sequence + "-" + count), COUPON, userId(user), sequence,
                requestId("r" + sequence), count, revokedAt);
    }

    private static CouponChanged created(long stock) {
        return changed("a1", Change.CREATED, couponWithStock(stock), OPENS_AT);
    }

    private static CouponChanged change(CouponState state) {
        return changed("a2", Change.CHANGED, state, OPENS_AT);
    }
}

package io.firstcome.sink;

import static io.firstcome.testkit.fixture.CouponFixture.COUPON;
import static io.firstcome.testkit.fixture.CouponFixture.OPENS_AT;
import static io.firstcome.testkit.fixture.CouponFixture.at;
import static io.firstcome.testkit.fixture.CouponFixture.couponId;
import static io.firstcome.testkit.fixture.CouponFixture.couponWithStock;
import static io.firstcome.testkit.fixture.CouponFixture.definition;
import static io.firstcome.testkit.fixture.CouponFixture.requestId;
import static io.firstcome.testkit.fixture.CouponFixture.userId;
import static io.firstcome.testkit.fixture.OutcomeFixture.changed;
import static io.firstcome.testkit.fixture.OutcomeFixture.issued;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.firstcome.contract.CouponOutcome.CouponChanged;
import io.firstcome.contract.CouponOutcome.CouponChanged.Change;
import io.firstcome.contract.CouponOutcome.CouponIssued;
import io.firstcome.contract.CouponOutcome.IssueRevoked;
import io.firstcome.contract.CouponState;
import io.firstcome.contract.CouponStatus;
import io.firstcome.contract.id.CouponId;
import io.firstcome.kit.kafka.KafkaClients;
import io.firstcome.sink.batch.IssuanceBatch;
import io.firstcome.sink.fixture.DatabaseServer;
import io.firstcome.sink.fixture.OutcomesTopic;
import io.firstcome.sink.fixture.RunningSink;
import io.firstcome.sink.fixture.TestDatabase;
import io.firstcome.sink.mysql.MySqlWriter;
import io.firstcome.sink.mysql.WriteResult;
import io.firstcome.sink.mysql.WriteResult.Diverged;
import io.firstcome.sink.mysql.WriteResult.Written;
import io.firstcome.sink.rebuild.DatabaseRebuild;
import io.firstcome.sink.rebuild.HolderPages;
import io.firstcome.sink.rebuild.RebuildProgress;
import io.firstcome.sink.rebuild.RebuildReport;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

/** The statements of docs/operations.md with which an operator partitions the table or copies rows, on each server. */
@ParameterizedClass
@EnumSource(DatabaseServer.class)
class PartitionedTablesTest {

    private static final Path PAGE = Path.of("..", "docs", "operations.md");
    private static final String BY_KEY = "PARTITION BY KEY";
    private static final String BY_RANGE = "PARTITION BY RANGE COLUMNS";
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final CouponId TEA = couponId("2027-tea");
    private static final String STORED = """
            SELECT GROUP_CONCAT(CONCAT_WS(' ', coupon_id, sequence, user_id, COALESCE(revoked_at, 'held'))
              ORDER BY coupon_id, sequence) FROM issued_coupons""";
    private static final String PARTITIONS = """
            SELECT COUNT(*) FROM information_schema.partitions
            WHERE table_schema = DATABASE() AND table_name = 'issued_coupons' AND partition_name IS NOT NULL""";

    @Parameter
    private DatabaseServer server;

    private TestDatabase test;

    @BeforeEach
    void createTablesOfTheThirdVersion() throws Exception {
        test = TestDatabase.create(server);
        Flyway.configure().dataSource(test.url(), null, null).target("3").load().migrate();
    }

    @AfterEach
    void drop() throws Exception {
        // The test was skipped before it created a database.
        if (test != null) {
            test.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {BY_KEY, BY_RANGE})
    void shouldStoreRevokeAndListInAPartitionedTable(String layout) throws Exception {
        // given
        execute(layout);
        int partitions = Integer.parseInt(test.query(PARTITIONS));
        try (var topic = OutcomesTopic.create(1);
                var sink = RunningSink.start(topic.kafka(), test.settings(), "sink-" + System.nanoTime())) {
            // when
            topic.append(created(COUPON), created(TEA), issued("r1", "amy", 1, at(1)), issuedTea("r2", "amy", 1),
                    issued("r3", "bob", 2, at(3)));
            topic.append(revoked("amy", 1, "r1"), issued("r1", "amy", 1, at(1)));

            // then
            await().atMost(TIMEOUT).until(() -> test.query("SELECT COUNT(revoked_at) FROM issued_coupons").equals("1"));
            assertThat(test.query(STORED)).isEqualTo(
                    "2027-tea 1 amy held,%1$s 1 amy 2026-01-01 09:00:09.000,%1$s 2 bob held".formatted(COUPON));
            await().atMost(TIMEOUT).until(sink::isReady);
            assertThat(sink.couponsOf("amy").body()).contains("\"couponId\":\"2027-tea\"", "\"couponId\":\"" + COUPON,
                    "\"revokedAt\":\"2026-01-01T09:00:09Z\"");
        }
        assertThat(partitions).isGreaterThan(1);
        assertThat(test.query(PARTITIONS)).as("after the migration").isEqualTo(String.valueOf(partitions));
    }

    @Test
    void shouldReportARowThatDiffersInAPartitionedTable() throws Exception {
        // given
        execute(BY_KEY);
        try (var database = test.open()) {
            var writer = new MySqlWriter(database.connections());
            writer.store(IssuanceBatch.of(List.of(issued("r1", "amy", 1, at(1)))));

            // when
            WriteResult ofAnotherUser = writer.store(IssuanceBatch.of(List.of(issued("r2", "bob", 1, at(2)))));
            WriteResult again = writer.store(IssuanceBatch.of(List.of(issued("r3", "amy", 2, at(3)))));
            WriteResult theSame = writer.store(IssuanceBatch.of(List.of(issued("r1", "amy", 1, at(1)))));

            // then
            assertThat(ofAnotherUser).isInstanceOf(Diverged.class);
            assertThat(again).isInstanceOf(Diverged.class);
            assertThat(theSame).isEqualTo(new Written(0, 0, 1));
        }
    }

    @Test
    void shouldRebuildAPartitionedTable() throws Exception {
        // given
        execute(BY_KEY);
        var meters = new SimpleMeterRegistry();
        try (var topic = OutcomesTopic.create(1);
                var database = test.open();
                var clients = new KafkaClients(topic.kafka(), "rebuild", "test", meters)) {
            topic.appendStatesUncommitted(couponWithStock(5).withIssued(2).withRevoked(1));
            topic.commit();
            HolderPages holders = (_, _) -> new HolderPages.Page(
                    List.of(issued("r1", "amy", 1, at(1)), issued("r3", "bob", 2, at(3))),
                    List.of(revoked("amy", 1, "r1")), Optional.empty());

            // when
            RebuildReport report = new DatabaseRebuild(clients, database, holders, new NoProgress(), false).run();

            // then
            assertThat(report.newRows()).isEqualTo(2);
            assertThat(test.query(STORED))
                    .isEqualTo("%1$s 1 amy 2026-01-01 09:00:09.000,%1$s 2 bob held".formatted(COUPON));
        }
    }

    @Test
    void shouldCopyOutTheRowsOfArchivedCouponsOnce() throws Exception {
        // given
        try (var database = test.open()) {
            var writer = new MySqlWriter(database.connections());
            writer.store(IssuanceBatch.of(List.of(created(COUPON), created(TEA), issued("r1", "amy", 1, at(1)),
                    issuedTea("r2", "amy", 1), revoked("amy", 1, "r1"), archived(COUPON, 1, 1))));
            execute("CREATE TABLE");
            execute("INSERT INTO archived_issues");

            // when
            writer.store(IssuanceBatch.of(List.of(archived(TEA, 1, 0))));
            execute("INSERT INTO archived_issues");
        }

        // then
        assertThat(test.query(STORED.replace("issued_coupons", "archived_issues"))).isEqualTo(test.query(STORED))
                .isEqualTo("2027-tea 1 amy held,%s 1 amy 2026-01-01 09:00:09.000".formatted(COUPON));
    }

    /** What the page says about rows that are deleted: the log brings an issue back, but no revocation of it. */
    @Test
    void shouldStoreADeletedIssueAgainAndRefuseItsRevocation() throws Exception {
        // given
        execute(BY_KEY);
        try (var database = test.open()) {
            var writer = new MySqlWriter(database.connections());
            writer.store(IssuanceBatch.of(List.of(created(COUPON), issued("r1", "amy", 1, at(1)))));
            test.execute("DELETE FROM issued_coupons");

            // when
            WriteResult revocation = writer.store(IssuanceBatch.of(List.of(revoked("amy", 1, "r1"))));
            WriteResult issue = writer.store(IssuanceBatch.of(List.of(issued("r1", "amy", 1, at(1)))));

            // then
            assertThat(revocation).isInstanceOf(Diverged.class);
            assertThat(issue).isEqualTo(new Written(1, 0, 0));
        }
    }

    /** Executes the statements of the block of the page that contains this text. */
    private void execute(String text) throws Exception {
        try (Connection connection = test.connect(); Statement statement = connection.createStatement()) {
            for (String sql : block(text).split(";\\s*")) {
                statement.execute(sql);
            }
        }
    }

    private static String block(String text) throws IOException {
        Map<Boolean, List<String>> blocks = Pattern.compile("```sql\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(PAGE)).results().map(match -> match.group(1))
                .collect(Collectors.partitioningBy(block -> block.contains(text)));
        assertThat(blocks.get(true)).as("blocks with " + text).hasSize(1);
        return blocks.get(true).getFirst();
    }

    private static CouponChanged created(CouponId coupon) {
        return changed("a-" + coupon, Change.CREATED,
                new CouponState(definition(coupon, 5), CouponStatus.ACTIVE, 1, 0), OPENS_AT);
    }

    private static CouponChanged archived(CouponId coupon, long issued, long revoked) {
        return changed("b-" + coupon, Change.CHANGED,
                new CouponState(definition(coupon, 5), CouponStatus.ARCHIVED, 2, issued, revoked), at(9));
    }

    private static CouponIssued issuedTea(String request, String user, long sequence) {
        return new CouponIssued(requestId(request), TEA, userId(user), sequence, at(2));
    }

    private static IssueRevoked revoked(String user, long sequence, String claim) {
        return new IssueRevoked(requestId("v" + sequence), COUPON, userId(user), sequence, requestId(claim), 1, at(9));
    }

    private static final class NoProgress implements RebuildProgress {

        @Override
        public void started(int coupons, long holders) {}

        @Override
        public void stored(int holders) {}
    }
}

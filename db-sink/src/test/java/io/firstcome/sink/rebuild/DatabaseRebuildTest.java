package io.firstcome.sink.rebuild;

import static io.firstcome.sink.fixture.Issues.issues;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;

import io.firstcome.kit.kafka.KafkaClients;
import io.firstcome.sink.database.Database;
import io.firstcome.sink.fixture.DatabaseServer;
import io.firstcome.sink.fixture.FaultyCommits;
import io.firstcome.sink.fixture.FaultyCommits.Fault;
import io.firstcome.sink.fixture.OutcomesTopic;
import io.firstcome.sink.fixture.TestDatabase;
import io.firstcome.sink.mysql.MySqlWriter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

/** Failures of a rebuild. The tests of the service rebuild the tables beside a running sink. */
class DatabaseRebuildTest {

    /** The commits before it store the id of the topic and the first position. */
    private static final int COMMIT_OF_THE_MOVE = 3;

    private final AtomicInteger commits = new AtomicInteger();

    @Test
    void shouldMoveAPositionThoughTheAnswerToTheCommitIsLost() throws Exception {
        // given
        var meters = new SimpleMeterRegistry();
        try (var topic = OutcomesTopic.create(1);
                var test = TestDatabase.create(DatabaseServer.MARIADB);
                var database = Database.open(test.settings(), meters);
                var clients = new KafkaClients(topic.kafka(), "rebuild", "test", meters)) {
            topic.append(issues(1, 4));
            topic.deleteBefore(0, 3);
            var writer = new MySqlWriter(FaultyCommits.of(database.connections(),
                    () -> commits.incrementAndGet() == COMMIT_OF_THE_MOVE ? Fault.AFTER : Fault.NONE));

            // when
            RebuildReport report = new DatabaseRebuild(clients, database, writer,
                    (_, _) -> new HolderPages.Page(List.of(), List.of(), Optional.empty()), new NoProgress(), false)
                    .run();

            // then
            assertThat(report.moved()).isEqualTo(Map.of(0, topic.end(0)));
            assertThat(commits).as("the move was repeated").hasValueGreaterThan(COMMIT_OF_THE_MOVE);
        }
    }

    private static final class NoProgress implements RebuildProgress {

        @Override
        public void started(int coupons, long holders) {}

        @Override
        public void stored(int holders) {}
    }
}

package io.firstcome.sink.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import io.firstcome.sink.batch.IssuanceBatch;
import io.firstcome.sink.database.DatabaseUnavailable;
import io.firstcome.sink.fixture.DatabaseTest;
import io.firstcome.sink.fixture.FaultyCommits;
import io.firstcome.sink.fixture.FaultyCommits.Fault;
import io.firstcome.sink.mysql.WriteResult.Written;
import io.firstcome.testkit.evidence.Evidence;
import io.firstcome.testkit.fixture.LogFixture;
import io.firstcome.testkit.generator.History;
import io.firstcome.testkit.guarantee.GuaranteeResult;
import io.firstcome.testkit.guarantee.checks.SinkMatches;
import io.firstcome.testkit.log.CouponLog;
import io.firstcome.testkit.log.LoggedOutcome;

/** Random logs in random batches, stored by two writers of the same partitions over connections that break. */
class MySqlWriterSimulationTest extends DatabaseTest {

    static Stream<History> histories() {
        return History.of(1, 20);
    }

    @ParameterizedTest
    @MethodSource("histories")
    void shouldStoreTheLogDespiteFaults(History history) throws Exception {
        // given
        CouponLog log = LogFixture.decided(history.commands());
        Random random = new Random(history.seed());

        // when
        for (int partition : log.outcomes().stream().map(LoggedOutcome::partition).distinct().toList()) {
            store(log.outcomes().stream().filter(outcome -> outcome.partition() == partition).toList(), random);
        }

        // then
        assertThat(new SinkMatches().check(Evidence.of(log).withStored(test.rows())))
                .as(history.toString()).isInstanceOf(GuaranteeResult.Pass.class);
    }

    private void store(List<LoggedOutcome> outcomes, Random random) throws Exception {
        int partition = outcomes.getFirst().partition();
        var writers = List.of(new SimulatedSink(partition, random), new SimulatedSink(partition, random));
        while (writers.getFirst().storedPosition() < outcomes.size()) {
            writers.get(random.nextInt(2)).storeSome(outcomes);
        }
    }

    /** A writer that keeps its position in memory and reads the stored one only after a failure. */
    private final class SimulatedSink {
        private final MySqlWriter writer;
        private final int partition;
        private final Random random;
        private int position;

        SimulatedSink(int partition, Random random) throws DatabaseUnavailable {
            this.writer = new MySqlWriter(FaultyCommits.of(database.connections(), this::fault));
            this.partition = partition;
            this.random = random;
            this.position = (int) storedPosition();
        }

        private Fault fault() {
            return Fault.values()[Math.max(0, random.nextInt(5) - 2)];
        }

        void storeSome(List<LoggedOutcome> outcomes) throws DatabaseUnavailable {
            int next = Math.min(outcomes.size(), position + 1 + random.nextInt(6));
            IssuanceBatch batch = IssuanceBatch
                    .of(outcomes.subList(position, next).stream().map(LoggedOutcome::outcome).toList());
            boolean done = writer.write(new OffsetStep(TOPIC, partition, position, next), batch) instanceof Written;
            position = done ? next : (int) storedPosition();
        }

        long storedPosition() throws DatabaseUnavailable {
            return new MySqlWriter(database.connections()).position(TOPIC, partition);
        }
    }
}

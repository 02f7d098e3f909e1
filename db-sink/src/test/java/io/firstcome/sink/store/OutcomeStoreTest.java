package io.firstcome.sink.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import io.firstcome.kit.consumer.PolledRecords;
import io.firstcome.kit.kafka.KafkaClients;
import io.firstcome.kit.tracing.Tracing;
import io.firstcome.kit.tracing.TracingSettings;
import io.firstcome.sink.database.Database;
import io.firstcome.sink.fixture.DatabaseServer;
import io.firstcome.sink.fixture.OutcomesTopic;
import io.firstcome.sink.fixture.TestDatabase;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

class OutcomeStoreTest {

    /** It is ready afterwards, and must be able to answer queries. */
    @Test
    void shouldMakeTheTablesWithoutAPartition() throws Exception {
        // given
        var meters = new SimpleMeterRegistry();
        try (var topic = OutcomesTopic.create(1);
                var test = TestDatabase.create(DatabaseServer.MARIADB);
                var database = Database.open(test.settings(), meters);
                var clients = new KafkaClients(topic.kafka(), "sink", "store-test", meters);
                var store = new OutcomeStore(database, clients, 10, 3, Tracing.start(TracingSettings.OFF, "test"),
                        new SinkMetrics(meters))) {
            // when
            store.store(new PolledRecords(List.of(), Map.of()));

            // then
            assertThat(test.rows().issues()).isEmpty();
        }
    }
}

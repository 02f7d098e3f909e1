package io.firstcome.standalone.deadletters;

import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;

import io.firstcome.contract.CouponOutcome;
import io.firstcome.contract.topic.RecordPosition;
import io.firstcome.contract.topic.Topics;
import io.firstcome.kit.service.StartFailure;
import io.firstcome.kit.settings.KafkaConnection;
import io.firstcome.sink.batch.IssuanceBatch;
import io.firstcome.sink.database.Database;
import io.firstcome.sink.database.DatabaseSettings;
import io.firstcome.sink.database.DatabaseUnavailable;
import io.firstcome.sink.mysql.MySqlWriter;
import io.firstcome.sink.mysql.WriteResult;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

/**
 * Stores outcomes of dead letters in the tables, by the sink's own writer. They are not appended to the log, which has
 * them already.
 */
final class OutcomeReplay implements AutoCloseable {

    private static final String TOPIC = Topics.OUTCOMES.name();
    private static final int ADMIN_TIMEOUT_SECONDS = 15;

    private final Database database;
    private final MySqlWriter writer;

    /** @throws StartFailure when the database cannot be used, or was written from another log */
    OutcomeReplay(KafkaConnection kafka, DatabaseSettings settings) {
        database = Database.open(settings, new SimpleMeterRegistry());
        writer = new MySqlWriter(database.connections());
        try {
            String current = topicId(kafka);
            String stored = writer.topicId(TOPIC, current);
            if (!stored.equals(current)) {
                throw new StartFailure("the tables of " + settings.address() + " were written from the topic " + TOPIC
                        + " with the id " + stored + ", and Kafka at " + kafka.bootstrap() + " has the id " + current
                        + ". Name the database and the cluster that belong together");
            }
        } catch (DatabaseUnavailable e) {
            database.close();
            throw new StartFailure("database " + settings.address() + " cannot be used: " + e.getMessage()
                    + ". Name it with --jdbc-url, FIRSTCOME_DB_USER and FIRSTCOME_DB_PASSWORD", e);
        } catch (StartFailure e) {
            database.close();
            throw e;
        }
    }

    private static String topicId(KafkaConnection kafka) {
        Properties properties = kafka.client(AdminClientConfig.configNames());
        properties.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, ADMIN_TIMEOUT_SECONDS * 1000);
        properties.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, ADMIN_TIMEOUT_SECONDS * 500);
        try (Admin admin = Admin.create(properties)) {
            return admin.describeTopics(List.of(TOPIC)).allTopicNames().get(ADMIN_TIMEOUT_SECONDS, TimeUnit.SECONDS)
                    .get(TOPIC).topicId().toString();
        } catch (ExecutionException | TimeoutException e) {
            throw new StartFailure(
                    "Kafka at " + kafka.bootstrap() + " does not describe " + TOPIC + ": " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StartFailure("interrupted while waiting for Kafka", e);
        }
    }

    /**
     * Stores an outcome. Its rows may be in the tables already.
     *
     * @param log reads the log: a letter whose origin is another record does not belong to it
     */
    ReplayResult store(Letter letter, CouponOutcome outcome, LetterReader log) {
        if (letter.origin().isEmpty() || !letter.origin().get().topic().equals(TOPIC)) {
            return new ReplayResult.Refused("it names no record of " + TOPIC + " as its origin");
        }
        RecordPosition origin = letter.origin().get();
        switch (log.lookUp(origin)) {
            case LetterReader.Lookup.Found(ConsumerRecord<byte[], byte[]> logged) -> {
                if (!Arrays.equals(logged.key(), letter.record().key())
                        || !Arrays.equals(logged.value(), letter.record().value())) {
                    return new ReplayResult.Refused("the log has another record at " + origin
                            + ": the letter comes from another log, or not from the sink");
                }
            }
            case LetterReader.Lookup.Missing _ -> {
                return new ReplayResult.Refused("the log has no record at " + origin
                        + ": the letter comes from another log, or not from the sink");
            }
            // Without the record, the letter may come from a log that was deleted since.
            case LetterReader.Lookup.Expired _ -> {
                return new ReplayResult.Refused("the log's record at " + origin
                        + " has expired, so it cannot be compared; ./firstcome rebuild-database stores the row");
            }
        }
        return switch (writer.store(IssuanceBatch.of(List.of(outcome)))) {
            case WriteResult.Written(int rows, int revoked, int duplicates) -> new ReplayResult.Replayed(
                    rows + revoked > 0 ? "stored" : duplicates > 0 ? "the row was stored before" : "applied");
            case WriteResult.Refused(String why) -> new ReplayResult.Refused("MySQL still refuses it: " + why);
            case WriteResult.Diverged(String what) -> new ReplayResult.Refused("MySQL contradicts it: " + what);
            case WriteResult.Unavailable(String why) -> new ReplayResult.Refused("MySQL cannot be used: " + why);
            case WriteResult.Fenced fenced -> throw new IllegalStateException("no position moves: " + fenced);
        };
    }

    @Override
    public void close() {
        database.close();
    }
}

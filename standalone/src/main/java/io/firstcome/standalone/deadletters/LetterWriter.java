package io.firstcome.standalone.deadletters;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ExecutionException;

import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArraySerializer;

import io.firstcome.contract.topic.DeadLetterTopic;
import io.firstcome.contract.topic.RecordPosition;
import io.firstcome.contract.topic.Topics;
import io.firstcome.kit.service.StartFailure;
import io.firstcome.kit.service.WriterVersion;
import io.firstcome.kit.settings.KafkaConnection;

/**
 * Writes marks, each in a transaction, with the command that it is about. Only one writer can write at a time: a new
 * one ends the transactions of the one before, which then cannot commit. A writer that reads the marks after its
 * creation therefore sees all marks that count.
 */
final class LetterWriter implements AutoCloseable {

    private static final int TIMEOUT_MILLIS = 15_000;
    /** Readers of {@code coupon-commands} wait for an open transaction: a writer that dies must not delay them long. */
    private static final int TRANSACTION_TIMEOUT_MILLIS = 5_000;

    private final KafkaProducer<byte[], byte[]> producer;
    private final String by = operator();

    LetterWriter(KafkaConnection kafka) {
        Properties properties = kafka.client(ProducerConfig.configNames());
        properties.put(ProducerConfig.CLIENT_ID_CONFIG, "firstcome-dlq");
        properties.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, "firstcome-dlq");
        properties.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, TRANSACTION_TIMEOUT_MILLIS);
        properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, TIMEOUT_MILLIS);
        properties.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, TIMEOUT_MILLIS / 2);
        properties.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, TIMEOUT_MILLIS);
        producer = new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
        try {
            producer.initTransactions();
        } catch (KafkaException e) {
            producer.close();
            throw new StartFailure(
                    "Kafka at " + kafka.bootstrap() + " does not accept the transactional id firstcome-dlq ("
                            + e.getMessage() + "); start it, allow this id, or name another cluster with --kafka",
                    e);
        }
    }

    /**
     * Appends the command of a letter to {@code coupon-commands}, and the mark that says so, or does neither.
     *
     * @param partition the partition of the coupon
     * @return the position of the command
     */
    RecordPosition replayCommand(Letter letter, int partition) {
        return inTransaction(letter, () -> {
            var command = new ProducerRecord<>(Topics.COMMANDS.name(), partition, letter.record().key(),
                    letter.record().value());
            // The bytes are those of the version that wrote the original.
            Optional.ofNullable(letter.record().headers().lastHeader(WriterVersion.HEADER))
                    .ifPresent(command.headers()::add);
            command.headers().add(DeadLetterTopic.REPLAYED_FROM, letter.id().position().toString().getBytes(UTF_8));
            RecordMetadata appended = await(command);
            var position = new RecordPosition(appended.topic(), appended.partition(), appended.offset());
            await(record(letter, Mark.Kind.REPLAYED, "appended as " + position));
            return position;
        });
    }

    /** Marks a letter. */
    void mark(Letter letter, Mark.Kind kind, String note) {
        inTransaction(letter, () -> await(record(letter, kind, note)));
    }

    private ProducerRecord<byte[], byte[]> record(Letter letter, Mark.Kind kind, String note) {
        var headers = new RecordHeaders()
                .add(DeadLetterTopic.MARK, kind.name().toLowerCase(Locale.ROOT).getBytes(UTF_8))
                .add(DeadLetterTopic.LETTER, letter.id().position().toString().getBytes(UTF_8))
                .add(DeadLetterTopic.BY, by.getBytes(UTF_8)).add(DeadLetterTopic.NOTE, note.getBytes(UTF_8));
        return new ProducerRecord<>(letter.id().topic().name(), letter.id().partition(), letter.record().key(), null,
                headers);
    }

    private interface Work<T> {

        T run() throws ExecutionException, InterruptedException;
    }

    private <T> T inTransaction(Letter letter, Work<T> work) {
        try {
            producer.beginTransaction();
            T result = work.run();
            producer.commitTransaction();
            return result;
        } catch (ProducerFencedException e) {
            throw interrupted(letter, e);
        } catch (ExecutionException e) {
            // A broker that has forgotten the older producer answers with the second one.
            if (e.getCause() instanceof ProducerFencedException
                    || e.getCause() instanceof InvalidProducerEpochException) {
                throw interrupted(letter, e);
            }
            throw aborted(letter, e);
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        } catch (KafkaException e) {
            throw new StartFailure("whether letter " + letter.id() + " was marked is not known: " + e.getMessage()
                    + ". Run dlq list to see it", e);
        }
    }

    private StartFailure aborted(Letter letter, ExecutionException e) {
        try {
            producer.abortTransaction();
        } catch (KafkaException unanswered) {
            // The broker aborts the transaction after its timeout.
            e.addSuppressed(unanswered);
        }
        return new StartFailure("letter " + letter.id() + " could not be marked: " + e.getCause().getMessage()
                + ". Run dlq list, then this command again", e);
    }

    private static StartFailure interrupted(Letter letter, Exception cause) {
        return new StartFailure("another dlq command has started, and letter " + letter.id()
                + " was left to it. Run dlq list, then this command again", cause);
    }

    private RecordMetadata await(ProducerRecord<byte[], byte[]> record)
            throws ExecutionException, InterruptedException {
        return producer.send(record).get();
    }

    private static String operator() {
        String user = System.getProperty("user.name", "unknown");
        try {
            return user + "@" + InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException _) {
            return user;
        }
    }

    @Override
    public void close() {
        producer.close();
    }
}

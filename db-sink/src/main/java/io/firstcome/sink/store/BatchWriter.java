package io.firstcome.sink.store;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import org.apache.kafka.clients.consumer.ConsumerRecord;

import io.firstcome.kit.consumer.PartitionRecords;
import io.firstcome.sink.mysql.MySqlWriter;
import io.firstcome.sink.mysql.WriteResult;
import io.firstcome.sink.mysql.WriteResult.Diverged;
import io.firstcome.sink.mysql.WriteResult.Fenced;
import io.firstcome.sink.mysql.WriteResult.Refused;
import io.firstcome.sink.mysql.WriteResult.Unavailable;
import io.firstcome.sink.mysql.WriteResult.Written;
import io.firstcome.sink.store.DeadLetters.DeadLetter;
import io.firstcome.sink.store.ReceivedOutcome.Newer;
import io.firstcome.sink.store.ReceivedOutcome.NotUnderstood;
import io.firstcome.sink.store.ReceivedOutcome.Understood;

/**
 * Writes the records of one partition to MySQL, in batches of which each is a transaction. While MySQL stores a batch,
 * the next one is parsed. A batch that fails because of a record in it is halved until that record is alone. So
 * everything before the record is stored, and the failure affects no other record.
 *
 * <p>Several threads may write, each another partition.
 */
final class BatchWriter implements AutoCloseable {

    /** What became of a batch. */
    sealed interface Result {

        /** Every record is stored or set aside. */
        record Done() implements Result {}

        /** A person has to look at the record that failed. The records before it are stored. */
        record Stopped(String why) implements Result {}

        /** The batch cannot be written now. Only MySQL knows how much of it is stored. */
        record Postponed(String why) implements Result {}
    }

    /**
     * A batch to be stored, and the records of its range that are no outcomes.
     *
     * @param stop why nothing after the batch may be stored; empty when the next batch may follow
     */
    private record Parsed(List<DeadLetter> letters, PartitionBatch batch, Optional<Result.Stopped> stop) {}

    private final MySqlWriter writer;
    private final DeadLetters deadLetters;
    private final int batchSize;
    private final SinkMetrics metrics;
    private final ExecutorService parsers = Executors.newVirtualThreadPerTaskExecutor();
    private volatile boolean closing;

    /** @param batchSize how many records one transaction stores at most */
    BatchWriter(MySqlWriter writer, DeadLetters deadLetters, int batchSize, SinkMetrics metrics) {
        this.writer = writer;
        this.deadLetters = deadLetters;
        this.batchSize = batchSize;
        this.metrics = metrics;
    }

    /** Stores the records in the order of their offsets, up to the first batch that is not {@link Result.Done}. */
    Result write(PartitionRecords polled) {
        List<PartitionRecords> parts = polled.parts(batchSize);
        Parsed current = parse(parts.getFirst());
        for (PartitionRecords part : parts.subList(1, parts.size())) {
            Future<Parsed> next = parsers.submit(() -> parse(part));
            Result result = store(current);
            if (!(result instanceof Result.Done)) {
                return result;
            }
            current = Tasks.result(next);
        }
        return store(current);
    }

    private Result store(Parsed parsed) {
        PartitionBatch batch = parsed.batch();
        Result result = batch.from() == batch.next() ? new Result.Done() : setAside(parsed.letters(), batch);
        return result instanceof Result.Done ? parsed.stop().<Result>map(stop -> stop).orElse(result) : result;
    }

    private static Parsed parse(PartitionRecords polled) {
        List<Understood> outcomes = new ArrayList<>();
        List<DeadLetter> letters = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record : polled.records()) {
            switch (ReceivedOutcome.of(record)) {
                case Understood outcome -> outcomes.add(outcome);
                case NotUnderstood(_, String reason) -> letters.add(new DeadLetter(record, reason));
                case Newer(_, String why) -> {
                    return new Parsed(letters,
                            new PartitionBatch(polled.partition(), polled.from(), record.offset(), outcomes),
                            Optional.of(new Result.Stopped(why)));
                }
            }
        }
        return new Parsed(letters, new PartitionBatch(polled.partition(), polled.from(), polled.next(), outcomes),
                Optional.empty());
    }

    private Result write(PartitionBatch batch) {
        long begin = System.nanoTime();
        WriteResult result = writer.write(batch.step(), batch.batch());
        return switch (result) {
            case Written written -> {
                metrics.written(written, Duration.ofNanos(System.nanoTime() - begin));
                yield new Result.Done();
            }
            case Unavailable(String reason) -> new Result.Postponed(reason);
            case Fenced fenced -> fenced(fenced);
            case Diverged(String what) -> batch.isSingle() ? diverged(batch, what) : writeHalves(batch);
            case Refused(String reason) -> batch.isSingle() ? refused(batch, reason) : writeHalves(batch);
        };
    }

    /**
     * The group has given the partition to another sink, which the next poll will report, or the sink that had it
     * before committed its last batch just now. In both cases only MySQL knows the position.
     */
    private Result fenced(Fenced fenced) {
        metrics.fenced();
        return new Result.Postponed("another sink has moved " + fenced.step().topic() + "-"
                + fenced.step().partition() + " away from offset " + fenced.step().expected());
    }

    private Result diverged(PartitionBatch single, String what) {
        metrics.diverged();
        return new Result.Stopped("divergence at offset " + single.onlyRecord().offset() + ": " + what);
    }

    private Result writeHalves(PartitionBatch batch) {
        Result first = write(batch.firstHalf());
        return first instanceof Result.Done ? setAside(List.of(), batch.secondHalf()) : first;
    }

    private Result refused(PartitionBatch single, String reason) {
        var letter = new DeadLetter(single.onlyRecord(), "MySQL refuses it: " + reason);
        return setAside(List.of(letter), single.emptied());
    }

    /** Sets aside the records that are no outcomes, then stores the others. A stop ends the write before it. */
    private Result setAside(List<DeadLetter> letters, PartitionBatch rest) {
        if (closing) {
            return new Result.Postponed("is closing");
        }
        Optional<String> problem = deadLetters.setAside(letters);
        return problem.isPresent() ? new Result.Postponed(problem.get()) : write(rest);
    }

    /** Lets writes end after the batch under way. */
    void beginClose() {
        closing = true;
    }

    @Override
    public void close() {
        parsers.close();
    }
}

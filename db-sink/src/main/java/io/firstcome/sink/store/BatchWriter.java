package io.firstcome.sink.store;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.firstcome.contract.CouponOutcome;
import io.firstcome.contract.CouponOutcome.ChangeRejected;
import io.firstcome.contract.CouponOutcome.CommandInvalid;
import io.firstcome.contract.CouponOutcome.CouponChanged;
import io.firstcome.contract.CouponOutcome.CouponIssued;
import io.firstcome.contract.CouponOutcome.IssueRejected;
import io.firstcome.contract.CouponOutcome.IssueRevoked;
import io.firstcome.contract.topic.Topics;
import io.firstcome.kit.consumer.PartitionRecords;
import io.firstcome.kit.logging.LogFields;
import io.firstcome.kit.tracing.Tracing;
import io.firstcome.sink.mysql.MySqlWriter;
import io.firstcome.sink.mysql.WriteResult;
import io.firstcome.sink.mysql.WriteResult.Diverged;
import io.firstcome.sink.mysql.WriteResult.Fenced;
import io.firstcome.sink.mysql.WriteResult.Refused;
import io.firstcome.sink.mysql.WriteResult.Unavailable;
import io.firstcome.sink.mysql.WriteResult.Written;
import io.firstcome.sink.store.DeadLetterSender.Unstorable;
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

        /** The time is over, or the sink is closing. The records before {@code next} are stored or set aside. */
        record Unfinished(long next) implements Result {}

        /** A person has to look at the record that failed. The records before it are stored. */
        record Stopped(String why) implements Result {}

        /** The batch cannot be written now. Only MySQL knows how much of it is stored. */
        record Postponed(String why) implements Result {}
    }

    /**
     * How much is written.
     *
     * @param batchSize how many records one transaction stores at most
     * @param refusals how many records in a row are set aside because MySQL refuses them, before the partition stops
     * @param time how long the writes of one poll may take before they leave the rest to the next one. Each partition
     *     gets at least one transaction
     */
    record Limits(int batchSize, int refusals, Duration time) {}

    /**
     * The records of a partition that MySQL has refused since the last one that it stored.
     *
     * @param lastOffset the last of them: a record that is written again after a failure does not count twice
     */
    private record Refusals(int inARow, long lastOffset) {

        static final Refusals NONE = new Refusals(0, -1);

        Refusals and(long offset) {
            return offset > lastOffset ? new Refusals(inARow + 1, offset) : this;
        }
    }

    /**
     * A batch to be stored, and the records of its range that are no outcomes.
     *
     * @param stop why nothing after the batch may be stored; empty when the next batch may follow
     */
    private record Parsed(List<Unstorable> letters, PartitionBatch batch, Optional<Result.Stopped> stop) {}

    private static final Logger LOG = LoggerFactory.getLogger(BatchWriter.class);

    private final MySqlWriter writer;
    private final DeadLetterSender deadLetters;
    private final Limits limits;
    private final Tracing tracing;
    private final SinkMetrics metrics;
    private final Map<TopicPartition, Refusals> refusals = new ConcurrentHashMap<>();
    private final ExecutorService parsers = Executors.newVirtualThreadPerTaskExecutor();
    private volatile long beginNanos = System.nanoTime();
    private volatile boolean closing;

    BatchWriter(MySqlWriter writer, DeadLetterSender deadLetters, Limits limits, Tracing tracing, SinkMetrics metrics) {
        this.writer = writer;
        this.deadLetters = deadLetters;
        this.limits = limits;
        this.tracing = tracing;
        this.metrics = metrics;
    }

    /** The writes of a poll begin: from now on the time counts. */
    void beginPoll() {
        beginNanos = System.nanoTime();
    }

    /** Stores the records in the order of their offsets, up to the first batch that is not {@link Result.Done}. */
    Result write(PartitionRecords polled) {
        if (closing) {
            return new Result.Unfinished(polled.from());
        }
        List<PartitionRecords> parts = polled.parts(limits.batchSize());
        Parsed current = parse(parts.getFirst());
        for (PartitionRecords part : parts.subList(1, parts.size())) {
            Future<Parsed> next = parsers.submit(() -> parse(part));
            Result result = store(current);
            if (!(result instanceof Result.Done)) {
                return result;
            }
            if (isOver()) {
                return new Result.Unfinished(part.from());
            }
            current = Tasks.result(next);
        }
        return store(current);
    }

    /**
     * A batch that is halved needs thousands of transactions when MySQL refuses every second record. Meanwhile the
     * sink stores no other partition, and the consumer does not poll.
     */
    private boolean isOver() {
        return closing || System.nanoTime() - beginNanos >= limits.time().toNanos();
    }

    private Result store(Parsed parsed) {
        PartitionBatch batch = parsed.batch();
        Result result = batch.from() == batch.next() ? new Result.Done() : setAside(parsed.letters(), batch);
        return result instanceof Result.Done ? parsed.stop().<Result>map(stop -> stop).orElse(result) : result;
    }

    private static Parsed parse(PartitionRecords polled) {
        List<Understood> outcomes = new ArrayList<>();
        List<Unstorable> letters = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record : polled.records()) {
            switch (ReceivedOutcome.of(record)) {
                case Understood outcome -> outcomes.add(outcome);
                case NotUnderstood(_, String reason) -> letters.add(new Unstorable(record, reason));
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
        Instant beginTime = tracing.isOn() ? Instant.now() : Instant.EPOCH;
        WriteResult result = writer.write(batch.step(), batch.batch());
        return switch (result) {
            case Written written -> {
                metrics.written(written, batch, Duration.ofNanos(System.nanoTime() - begin));
                if (tracing.isOn()) {
                    batch.outcomes().forEach(it -> traceRow(it, batch, beginTime));
                }
                if (LOG.isDebugEnabled()) {
                    batch.outcomes().forEach(it -> LogFields
                            .ofTrace(LOG.atDebug(), it.record().headers())
                            .addKeyValue(LogFields.REQUEST_ID, it.outcome().requestId())
                            .addKeyValue(LogFields.COUPON_ID, it.outcome().couponId())
                            .log("stored with the batch up to {}@{}", batch.partition(), batch.next()));
                }
                if (!batch.batch().isEmpty()) {
                    refusals.remove(batch.partition());
                }
                yield new Result.Done();
            }
            case Unavailable(String reason) -> new Result.Postponed(reason);
            case Fenced fenced -> fenced(fenced);
            case Diverged(String what) -> batch.isSingle() ? diverged(batch, what) : writeHalves(batch);
            case Refused(String reason) -> batch.isSingle() ? refused(batch, reason) : writeHalves(batch);
        };
    }

    /**
     * One span for each row of a sampled claim, in the trace of the claim, from the begin to the commit of its batch.
     */
    private void traceRow(Understood stored, PartitionBatch batch, Instant begin) {
        CouponOutcome outcome = stored.outcome();
        switch (outcome) {
            case CouponIssued _,IssueRevoked _ -> tracing
                    .begin("store row", stored.record().headers(), outcome.requestId(), outcome.couponId(), begin)
                    .setAttribute("firstcome.sink.batch.size", batch.outcomes().size())
                    .setAttribute("messaging.destination.partition.id", String.valueOf(batch.partition().partition()))
                    .setAttribute("messaging.kafka.offset", stored.record().offset()).end();
            case IssueRejected _,CouponChanged _,ChangeRejected _,CommandInvalid _ -> {
                // Only their offset is stored, or the state of a coupon.
            }
        }
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
        log(single, "MySQL contradicts the log: " + what);
        return new Result.Stopped("divergence at offset " + single.onlyRecord().offset() + ": " + what);
    }

    private Result writeHalves(PartitionBatch batch) {
        Result first = write(batch.firstHalf());
        if (!(first instanceof Result.Done)) {
            return first;
        }
        PartitionBatch rest = batch.secondHalf();
        return isOver() ? new Result.Unfinished(rest.from()) : write(rest);
    }

    /**
     * One record that MySQL refuses is set aside. A run of them has its cause in the tables, such as a constraint, a
     * trigger or a column: then the partition stops, because otherwise the whole topic would end in the dead letters.
     */
    private Result refused(PartitionBatch single, String reason) {
        ConsumerRecord<byte[], byte[]> record = single.onlyRecord();
        Refusals run = refusals.merge(single.partition(), Refusals.NONE.and(record.offset()),
                (known, _) -> known.and(record.offset()));
        if (run.inARow() > limits.refusals()) {
            log(single, "MySQL refuses too many records: " + reason);
            return new Result.Stopped("MySQL refuses " + run.inARow() + " records in a row, the last one at offset "
                    + record.offset() + ": " + reason + ". The " + limits.refusals() + " before it are in "
                    + Topics.OUTCOMES_DLQ.name() + ", and nothing from that offset on is stored or set aside."
                    + " Correct the tables, restart this sink, then run ./firstcome dlq replay");
        }
        return setAside(List.of(new Unstorable(record, "MySQL refuses it: " + reason)), single.emptied());
    }

    /** The consumer logs why the partition stops; this line names the request. */
    private static void log(PartitionBatch single, String what) {
        ConsumerRecord<byte[], byte[]> record = single.onlyRecord();
        LogFields.ofRecord(LOG.atError(), record.value(), record.headers()).log("{}-{}@{}: {}", record.topic(),
                record.partition(), record.offset(), what);
    }

    /** Sets aside the records that are no outcomes or that MySQL refuses, then stores the others. */
    private Result setAside(List<Unstorable> letters, PartitionBatch rest) {
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

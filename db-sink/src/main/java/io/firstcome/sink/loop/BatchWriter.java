package io.firstcome.sink.loop;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

import io.firstcome.sink.loop.DeadLetters.DeadLetter;
import io.firstcome.sink.loop.ReceivedOutcome.NotUnderstood;
import io.firstcome.sink.loop.ReceivedOutcome.Understood;
import io.firstcome.sink.mysql.MySqlWriter;
import io.firstcome.sink.mysql.WriteResult;
import io.firstcome.sink.mysql.WriteResult.Diverged;
import io.firstcome.sink.mysql.WriteResult.Fenced;
import io.firstcome.sink.mysql.WriteResult.Refused;
import io.firstcome.sink.mysql.WriteResult.Unavailable;
import io.firstcome.sink.mysql.WriteResult.Written;

/**
 * Brings slices into MySQL. A slice that fails for what it holds is halved until the one record at fault is alone: then
 * everything before it is stored, and what happens to it happens to nothing else.
 */
final class BatchWriter {

    /** What became of a slice. */
    sealed interface Result {

        /** All of it is stored or set aside. */
        record Done() implements Result {}

        /** A person has to look; what came before the record at fault is stored. */
        record Stopped(String why) implements Result {}

        /** Not now. How much of it is stored has to be asked of MySQL. */
        record Postponed(String why) implements Result {}
    }

    private final MySqlWriter writer;
    private final DeadLetters deadLetters;
    private final SinkMetrics metrics;

    BatchWriter(MySqlWriter writer, DeadLetters deadLetters, SinkMetrics metrics) {
        this.writer = writer;
        this.deadLetters = deadLetters;
        this.metrics = metrics;
    }

    /** Sets aside what nobody understands, then stores the rest. */
    Result deliver(TopicPartition partition, long from, long next, List<ConsumerRecord<byte[], byte[]>> records) {
        List<Understood> understood = new ArrayList<>();
        List<DeadLetter> letters = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record : records) {
            switch (ReceivedOutcome.of(record)) {
                case Understood outcome -> understood.add(outcome);
                case NotUnderstood riddle -> letters.add(new DeadLetter(record, riddle.reason()));
            }
        }
        return setAside(letters, new PartitionBatch(partition, from, next, understood));
    }

    private Result deliver(PartitionBatch slice) {
        long begin = System.nanoTime();
        WriteResult result = writer.write(slice.step(), slice.batch());
        return switch (result) {
            case Written written -> done(written, Duration.ofNanos(System.nanoTime() - begin));
            case Unavailable unavailable -> new Result.Postponed(unavailable.reason());
            case Fenced fenced -> fenced(fenced);
            case Diverged diverged -> slice.isSingle() ? stopped(slice, diverged) : halves(slice);
            case Refused refused -> slice.isSingle() ? refused(slice, refused) : halves(slice);
        };
    }

    private Result done(Written written, Duration time) {
        metrics.written(written, time);
        return new Result.Done();
    }

    /**
     * The group may have given the partition to another sink, which the next poll will tell, or the one that had it before
     * finished its last batch just now. In both cases MySQL knows where the partition stands and this writer does not.
     */
    private Result fenced(Fenced fenced) {
        metrics.fenced();
        return new Result.Postponed("another sink has moved " + fenced.step().topic() + "-"
                + fenced.step().partition() + " away from offset " + fenced.step().expected());
    }

    private Result stopped(PartitionBatch slice, Diverged diverged) {
        metrics.diverged();
        return new Result.Stopped("divergence at offset " + slice.onlyRecord().offset() + ": " + diverged.what());
    }

    private Result halves(PartitionBatch slice) {
        Result first = deliver(slice.firstHalf());
        return first instanceof Result.Done ? deliver(slice.secondHalf()) : first;
    }

    private Result refused(PartitionBatch slice, Refused refused) {
        var letter = new DeadLetter(slice.onlyRecord(), "MySQL refuses it: " + refused.reason());
        return setAside(List.of(letter), slice.emptied());
    }

    private Result setAside(List<DeadLetter> letters, PartitionBatch rest) {
        return deadLetters.setAside(letters).<Result>map(Result.Postponed::new).orElseGet(() -> deliver(rest));
    }
}

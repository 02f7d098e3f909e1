package io.firstcome.processor.topology;

import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;

import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

import io.firstcome.contract.CouponCommand;
import io.firstcome.contract.CouponOutcome;
import io.firstcome.contract.CouponOutcome.CommandInvalid;
import io.firstcome.contract.CouponState;
import io.firstcome.contract.Topic;
import io.firstcome.contract.Topics;
import io.firstcome.processor.issuance.Coupon;
import io.firstcome.processor.issuance.CouponSnapshot;
import io.firstcome.processor.issuance.IssuancePolicy;
import io.firstcome.processor.topology.ReceivedCommand.NotUnderstood;
import io.firstcome.processor.topology.ReceivedCommand.Understood;

/**
 * Reads, decides, writes, forwards; the rules stand in {@link IssuancePolicy}. Everything that can be wrong with a record
 * is found before the first write. What fails later is not caught: the transaction with the write, the outcome and the
 * offset is given up as a whole.
 */
final class IssuanceProcessor implements Processor<byte[], byte[], byte[], byte[]> {

    private final CommandReader reader;
    private final Consumer<CouponOutcome> observer;
    private ProcessorContext<byte[], byte[]> context;
    private CouponStores ledger;
    private StatePublisher announcer;

    IssuanceProcessor(CommandReader reader, Consumer<CouponOutcome> observer) {
        this.reader = reader;
        this.observer = observer;
    }

    /** Called again after a task has been revived, so nothing of an abandoned transaction may be kept here. */
    @Override
    public void init(ProcessorContext<byte[], byte[]> processorContext) {
        context = processorContext;
        ledger = new CouponStores(processorContext);
        announcer = new StatePublisher(processorContext);
        announcer.resume(ledger);
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        int partition = context.recordMetadata().orElseThrow().partition();
        switch (reader.read(record.key(), record.value(), partition)) {
            case Understood(var command) -> decide(command, record.timestamp());
            case NotUnderstood bad -> bury(record, bad);
        }
    }

    private void decide(CouponCommand command, long recordTime) {
        CouponSnapshot before = ledger.snapshot(command);
        CouponOutcome outcome = IssuancePolicy.decide(before, command, Instant.ofEpochMilli(recordTime));
        CouponSnapshot after = before.after(outcome);
        ledger.save(command, before, after);
        forward(outcome, recordTime);
        announce(state(before), state(after));
    }

    private void announce(Optional<CouponState> before, Optional<CouponState> after) {
        if (!after.equals(before)) {
            announcer.moved(before, after.orElseThrow());
        }
    }

    private void bury(Record<byte[], byte[]> record, NotUnderstood bad) {
        context.forward(DeadLetter.of(record, bad.reason(), context.recordMetadata().orElseThrow()),
                CouponTopology.DEAD_LETTERS_SINK);
        bad.sender().ifPresent(sender -> forward(new CommandInvalid(sender.requestId(), sender.couponId(),
                bad.reason(), Instant.ofEpochMilli(record.timestamp())), record.timestamp()));
    }

    private void forward(CouponOutcome outcome, long recordTime) {
        context.forward(new Record<>(Topic.key(outcome.couponId()), Topics.OUTCOMES.encode(outcome), recordTime),
                CouponTopology.OUTCOMES_SINK);
        observer.accept(outcome);
    }

    private static Optional<CouponState> state(CouponSnapshot snapshot) {
        return snapshot.coupon().map(Coupon::state);
    }
}

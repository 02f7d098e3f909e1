package io.firstcome.processor.topology;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

import org.apache.kafka.streams.processor.Cancellable;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.firstcome.contract.CouponCommand;
import io.firstcome.contract.CouponOutcome;
import io.firstcome.contract.CouponOutcome.CommandInvalid;
import io.firstcome.contract.CouponOutcome.CouponChanged;
import io.firstcome.contract.CouponState;
import io.firstcome.contract.topic.DeadLetter;
import io.firstcome.contract.topic.RecordPosition;
import io.firstcome.contract.topic.Topic;
import io.firstcome.contract.topic.Topics;
import io.firstcome.kit.logging.LogFields;
import io.firstcome.kit.service.WriterVersion;
import io.firstcome.kit.tracing.Tracing;
import io.firstcome.processor.commit.CommitPacer;
import io.firstcome.processor.continuity.AcceptedLoss;
import io.firstcome.processor.continuity.LogContinuity;
import io.firstcome.processor.continuity.LostState;
import io.firstcome.processor.continuity.NewerData;
import io.firstcome.processor.continuity.PartitionFacts;
import io.firstcome.processor.issuance.Coupon;
import io.firstcome.processor.issuance.CouponSnapshot;
import io.firstcome.processor.issuance.IssuancePolicy;
import io.opentelemetry.api.trace.Span;

/**
 * Reads a command, decides it by {@link IssuancePolicy}, writes the stores and forwards the outcome. Every defect of a
 * record is found before the first write. A later failure is not caught, so that the transaction with the write, the
 * outcome and the offset is aborted as a whole.
 */
final class IssuanceProcessor implements Processor<byte[], byte[], byte[], byte[]> {

    private static final Logger LOG = LoggerFactory.getLogger(IssuanceProcessor.class);
    /** Each tick is a transaction of Kafka Streams. */
    private static final Duration COUNT_INTERVAL = Duration.ofMillis(500);

    private final CommandReader reader;
    private final PartitionFacts facts;
    private final AcceptedLoss accepted;
    private final CommitPacer pacer;
    private final Tracing tracing;
    private final CouponTopology.Observer observer;
    private ProcessorContext<byte[], byte[]> context;
    private CouponStores stores;
    private LogContinuity continuity;
    private StatePublisher publisher;
    private ArchivePurge purge;
    private Optional<Cancellable> timer = Optional.empty();
    private Optional<Cancellable> countTimer = Optional.empty();

    IssuanceProcessor(CommandReader reader, PartitionFacts facts, AcceptedLoss accepted, CommitPacer pacer,
            Tracing tracing, CouponTopology.Observer observer) {
        this.reader = reader;
        this.facts = facts;
        this.accepted = accepted;
        this.pacer = pacer;
        this.tracing = tracing;
        this.observer = observer;
    }

    /**
     * Kafka Streams calls this again when it revives a task, so everything that a transaction changed is created anew.
     */
    @Override
    public void init(ProcessorContext<byte[], byte[]> processorContext) {
        context = processorContext;
        stores = new CouponStores(processorContext);
        publisher = new StatePublisher(processorContext, stores);
        purge = new ArchivePurge(processorContext, stores);
        continuity = new LogContinuity(processorContext.getStateStore(CouponTopology.LOG_POSITION), stores, facts,
                accepted, processorContext.taskId().partition());
        continuity.check();
        if (continuity.isAccepting()) {
            // Kafka Streams commits what a timer writes, but not what init writes.
            timer = Optional.of(context.schedule(Duration.ofMillis(1), PunctuationType.WALL_CLOCK_TIME,
                    _ -> storeAccepted()));
        }
        if (continuity.startCount()) {
            countTimer = Optional.of(context.schedule(COUNT_INTERVAL, PunctuationType.WALL_CLOCK_TIME,
                    _ -> checkCount()));
        }
        publisher.resume();
        purge.resume();
        observer.opened(context.taskId().partition(), stores);
    }

    private void checkCount() {
        if (continuity.checkCount()) {
            countTimer.ifPresent(Cancellable::cancel);
            if (continuity.isAccepting()) {
                storeAccepted();
            }
        }
    }

    private void storeAccepted() {
        continuity.storeAccepted().forEach(state -> {
            publisher.changed(Optional.empty(), state);
            purge.changed(state);
        });
        timer.ifPresent(Cancellable::cancel);
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        if (continuity.isAccepting()) {
            storeAccepted();
        }
        RecordMetadata origin = context.recordMetadata().orElseThrow();
        if (!continuity.isNext(origin.offset())) {
            return;
        }
        switch (reader.read(record.key(), record.value(), origin.partition())) {
            case CommandReader.Valid(var command) -> decide(command, record);
            case CommandReader.Invalid invalid -> deadLetter(record, invalid, origin);
            case CommandReader.Newer(var format) -> {
                LogFields.ofRecord(LOG.atError(), record.value(), record.headers())
                        .log("the authority stops at {}-{}@{}", origin.topic(), origin.partition(), origin.offset());
                throw NewerData.record(format,
                        new RecordPosition(origin.topic(), origin.partition(), origin.offset()), record.headers());
            }
        }
        pacer.decided(context, record.timestamp());
    }

    @Override
    public void close() {
        observer.closed(context.taskId().partition(), stores);
        // Kafka Streams keeps the timers of a task that it revives, and these would store what was read before.
        timer.ifPresent(Cancellable::cancel);
        countTimer.ifPresent(Cancellable::cancel);
        continuity.close();
        pacer.closed(context);
        publisher.close();
        purge.close();
    }

    private void decide(CouponCommand command, Record<byte[], byte[]> record) {
        Span span = tracing.begin("decide", record.headers(), command.requestId(), command.couponId());
        try {
            decide(command, record, span);
        } finally {
            span.end();
        }
    }

    private void decide(CouponCommand command, Record<byte[], byte[]> record, Span span) {
        long appendTime = record.timestamp();
        CouponSnapshot before = stores.snapshot(command);
        CouponOutcome outcome = IssuancePolicy.decide(before, command, Instant.ofEpochMilli(appendTime));
        if (isCreated(outcome) && stores.hasHolders(command.couponId())) {
            throw LostState.holdersWithoutCoupon(command.couponId());
        }
        if (LOG.isDebugEnabled()) {
            LogFields.ofTrace(LOG.atDebug(), record.headers()).addKeyValue(LogFields.REQUEST_ID, command.requestId())
                    .addKeyValue(LogFields.COUPON_ID, command.couponId()).log("decided: {}", outcome);
        }
        CouponSnapshot after = before.after(outcome);
        stores.save(command, before, after);
        span.setAttribute("firstcome.outcome", outcome.getClass().getSimpleName());
        forward(outcome, appendTime, span);
        Optional<CouponState> stateBefore = before.coupon().map(Coupon::state);
        Optional<CouponState> stateAfter = after.coupon().map(Coupon::state);
        if (!stateAfter.equals(stateBefore)) {
            continuity.stored(stateAfter.orElseThrow());
            publisher.changed(stateBefore, stateAfter.orElseThrow());
            purge.changed(stateAfter.orElseThrow());
        }
    }

    private static boolean isCreated(CouponOutcome outcome) {
        return outcome instanceof CouponChanged changed && changed.change() == CouponChanged.Change.CREATED;
    }

    private void deadLetter(Record<byte[], byte[]> record, CommandReader.Invalid invalid, RecordMetadata origin) {
        LogFields.ofRecord(LOG.atWarn(), record.value(), record.headers()).log("setting aside {}-{}@{}: {}",
                origin.topic(), origin.partition(), origin.offset(), invalid.reason());
        var letter = DeadLetter.of(record.key(), record.value(), record.headers(), invalid.reason(),
                new RecordPosition(origin.topic(), origin.partition(), origin.offset()));
        context.forward(new Record<>(letter.key(), letter.value(), record.timestamp(), letter.headers()),
                CouponTopology.DEAD_LETTERS_SINK);
        observer.deadLettered();
        invalid.sender().ifPresent(sender -> forward(new CommandInvalid(sender.requestId(), sender.couponId(),
                invalid.reason(), Instant.ofEpochMilli(record.timestamp())), record.timestamp(), Span.getInvalid()));
    }

    /** @param span the decision, whose context the record carries when it is sampled */
    private void forward(CouponOutcome outcome, long appendTime, Span span) {
        var record = new Record<>(Topic.key(outcome.couponId()), Topics.OUTCOMES.encode(outcome), appendTime);
        WriterVersion.addTo(record.headers());
        Tracing.addTo(record.headers(), span);
        context.forward(record, CouponTopology.OUTCOMES_SINK);
        observer.decided(outcome, appendTime);
    }
}

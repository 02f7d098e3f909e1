package io.firstcome.processor.topology;

import java.time.Duration;

import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

import io.firstcome.kit.tracing.Tracing;
import io.firstcome.processor.commit.CommitPacer;
import io.firstcome.processor.continuity.AcceptedLoss;
import io.firstcome.processor.continuity.PartitionFacts;

/** Initializes its processor over the stores that the test has filled, instead of processing a record. */
final class RestartingTask implements Processor<byte[], byte[], byte[], byte[]> {

    private final IssuanceProcessor processor = new IssuanceProcessor(new CommandReader(1), PartitionFacts.ofNewLog(),
            AcceptedLoss.NONE, new CommitPacer(Duration.ofMillis(10)), Tracing.OFF, (_, _) -> {});
    private ProcessorContext<byte[], byte[]> context;

    @Override
    public void init(ProcessorContext<byte[], byte[]> processorContext) {
        context = processorContext;
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        processor.init(context);
    }
}

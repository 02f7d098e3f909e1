package io.firstcome.bench.rival;

import java.util.List;

import io.firstcome.bench.system.RivalFactory;

/** The other designs that a run compares with FirstCome. */
public final class Rivals {

    static final List<RivalKind> KINDS = List.of(RedisQueue.KIND, KafkaPerMessage.KIND, KafkaBatch.KIND,
            AnswerBeforeAck.KIND);

    private Rivals() {}

    /** Every rival, in the order of the report. */
    public static List<RivalFactory> all() {
        return List.copyOf(KINDS);
    }
}

package io.firstcome.bench.limit;

import java.util.List;

import io.firstcome.bench.limit.EvalshaLimit.Shape;
import io.firstcome.bench.limit.InsertLimit.Way;
import io.firstcome.bench.limit.StreamsLimit.Work;
import io.firstcome.bench.system.BenchServers;
import io.firstcome.bench.system.Limit;

/** The upper bounds of single steps of a claim, and those steps of FirstCome that are compared with them. */
public final class Limits {

    /** Compared with {@link #AUTHORITY_WINNERS} and {@link #AUTHORITY_LOSERS}. */
    public static final String PASS_THROUGH = "exactly-once pass-through";
    public static final String AUTHORITY_WINNERS = "authority, winners";
    public static final String AUTHORITY_LOSERS = "authority, losers";
    /** Compared with {@link #SINK}, like {@link #MULTI_ROW} and {@link #ROW_BY_ROW}. */
    public static final String LOAD_DATA = "LOAD DATA";
    public static final String MULTI_ROW = "multi-row insert";
    public static final String ROW_BY_ROW = "row by row";
    public static final String SINK = "sink";

    /** The number of limits. */
    public static final int COUNT = 13;

    private Limits() {}

    /** Every limit. The first round of each prepares what it needs; nothing is started before. */
    public static List<Limit> all(BenchServers servers) {
        var kafka = new LimitKafka();
        return List.of(
                new EvalshaLimit(servers.redis(), Shape.SINGLE, false),
                new EvalshaLimit(servers.redis(), Shape.SINGLE, true),
                new EvalshaLimit(servers.redis(), Shape.PIPELINED, false),
                new EvalshaLimit(servers.redis(), Shape.PIPELINED, true),
                new EvalshaLimit(servers.redis(), Shape.BATCHED, false),
                new EvalshaLimit(servers.redis(), Shape.BATCHED, true),
                new StreamsLimit(PASS_THROUGH, Work.PASS_THROUGH, kafka),
                new StreamsLimit(AUTHORITY_WINNERS, Work.DECIDE_WINNERS, kafka),
                new StreamsLimit(AUTHORITY_LOSERS, Work.DECIDE_LOSERS, kafka),
                new InsertLimit(LOAD_DATA, Way.LOAD_DATA, servers),
                new InsertLimit(MULTI_ROW, Way.MULTI_ROW, servers),
                new InsertLimit(ROW_BY_ROW, Way.ROW_BY_ROW, servers),
                new SinkLimit(SINK, servers, kafka));
    }
}

package io.firstcome.kit.metrics;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

import io.firstcome.kit.metrics.MeterSpec.CounterSpec;
import io.firstcome.kit.metrics.MeterSpec.GaugeSpec;
import io.firstcome.kit.metrics.MeterSpec.SummarySpec;
import io.firstcome.kit.metrics.MeterSpec.TimerSpec;

/**
 * Every meter of FirstCome. Services register meters through these constants, {@code docs/metrics.md} explains each of
 * them, and dashboards and alerts use no other {@code firstcome_*} family; tests compare all of these.
 *
 * <p>The clock of times "since the append" starts at the broker's append time of a command, which its outcome's record
 * carries too. It ends with the clock of the service, so such a time contains the difference of the two clocks: see
 * {@link #CLOCK_OFFSET}.
 */
public final class Meters {

    private static final List<MeterSpec> ALL = new ArrayList<>();

    /** From the shortest answer to a caller's patience, and a minute for what is behind. */
    private static final List<Duration> LATENCY = millis(5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000,
            60_000);
    private static final List<Duration> ROUND_TRIP = millis(1, 2, 5, 10, 25, 50, 100);
    private static final List<Duration> LONG = millis(100, 1_000, 10_000, 60_000, 600_000);

    // Claims, in the ingress.
    public static final CounterSpec CLAIMS = counter("firstcome.claims", "claims", "Claims by answer.", "answer");
    public static final GaugeSpec CLAIMS_IN_FLIGHT = gauge("firstcome.claims.in.flight", "claims",
            "Claims that are being judged or written.");
    public static final GaugeSpec HOLDERS = gauge("firstcome.holders", "holders",
            "Holders of coupons that the ingress remembers.");
    public static final GaugeSpec REQUESTS_WAITING = gauge("firstcome.requests.waiting", "waits",
            "Waits for an outcome.");
    public static final GaugeSpec CLAIMS_WAITING = gauge("firstcome.claims.waiting", "claims",
            "Claims in the log whose callers wait for the decision.");
    public static final GaugeSpec CLAIMS_WAITING_FOR_STOCK = gauge("firstcome.claims.waiting.for.stock", "claims",
            "Claims that wait for reserved stock.");
    public static final GaugeSpec STATUS_REQUESTS_WAITING = gauge("firstcome.status.requests.waiting", "requests",
            "Status requests that wait.");
    public static final TimerSpec APPEND_DURATION = timer("firstcome.append.duration",
            "Time from the send of a command until the brokers acknowledged it.", LATENCY);
    public static final TimerSpec ANSWER_DELAY = timer("firstcome.answer.delay",
            "Time since the append until the ingress had read the committed outcome.", LATENCY);
    public static final GaugeSpec CLOCK_OFFSET = gauge("firstcome.clock.offset.seconds", "seconds",
            "The brokers' clock minus this host's, estimated from acknowledgements; NaN while unknown.");
    public static final GaugeSpec CLOCK_OFFSET_ERROR = gauge("firstcome.clock.offset.error.seconds", "seconds",
            "How far the estimate of the clock offset may be wrong; NaN while unknown.");

    // Coupons, in the ingress.
    public static final GaugeSpec COUPONS_OPEN = gauge("firstcome.coupons.open", "coupons",
            "Coupons whose window is open and that are not closed.");
    public static final GaugeSpec COUPON_STOCK = gauge("firstcome.coupon.stock", "coupons",
            "The stock of an open coupon.", "coupon");
    public static final GaugeSpec COUPON_ISSUED = gauge("firstcome.coupon.issued", "coupons",
            "How many of an open coupon were issued, revoked ones included.", "coupon");
    public static final GaugeSpec COUPON_REVOKED = gauge("firstcome.coupon.revoked", "coupons",
            "How many of an open coupon were revoked.", "coupon");
    public static final GaugeSpec COUPON_REMAINING = gauge("firstcome.coupon.remaining", "coupons",
            "How many of an open coupon can be issued now.", "coupon");

    // Limits and identity, in the ingress.
    public static final CounterSpec LIMITS_REJECTED = counter("firstcome.limits.rejected", "requests",
            "Requests, or waits of requests, that a limit refused.", "limit");
    public static final GaugeSpec LIMITS_KEYS = gauge("firstcome.limits.keys", "keys",
            "Users or addresses that a limit remembers.", "limit");
    public static final CounterSpec TOKENS_REJECTED = counter("firstcome.tokens.rejected", "tokens",
            "Tokens of users that were answered 401.");

    // Events and topics, in the ingress.
    public static final GaugeSpec EVENT_SUBSCRIBERS = gauge("firstcome.events.subscribers", "streams",
            "Streams of events that are open.");
    public static final CounterSpec EVENT_SUBSCRIBERS_DROPPED = counter("firstcome.events.subscribers.dropped",
            "streams", "Streams of events that were closed because the client read too slowly.");
    public static final CounterSpec READER_RECORDS_INVALID = counter("firstcome.reader.records.invalid", "records",
            "Records that the read model could not use.", "topic");

    // The gate, in the ingress.
    public static final CounterSpec GATE_REPLIES = counter("firstcome.gate.replies", "replies",
            "Claims that the gate judged, by reply.", "reply");
    public static final SummarySpec GATE_BATCH = summary("firstcome.gate.batch.claims", "claims",
            "Claims that shared a round trip to Redis.", List.of(1, 2, 4, 8, 16, 32, 64, 128));
    public static final TimerSpec GATE_ROUNDTRIP = timer("firstcome.gate.roundtrip",
            "Round trips to Redis, the failed ones included.", ROUND_TRIP);
    public static final GaugeSpec GATE_BREAKER_OPEN = gauge("firstcome.gate.breaker.open", "0 or 1",
            "1 while claims bypass Redis because it fails, else 0.");
    public static final GaugeSpec GATE_PROJECTOR_LAG = gauge("firstcome.gate.projector.lag.records", "records",
            "Committed records that the projector has not written to Redis; NaN while unknown.");
    public static final GaugeSpec GATE_PROJECTOR_STOPPED = gauge("firstcome.gate.projector.stopped.partitions",
            "partitions", "Partitions that the projector has left, and that wait for an operator.");
    public static final CounterSpec GATE_RECORDS_INVALID = counter("firstcome.gate.projector.records.invalid",
            "records", "Records that the projector could not decode.");
    public static final GaugeSpec GATE_COLD_COUPONS = gauge("firstcome.gate.cold.coupons", "coupons",
            "Open coupons that the gate could not judge when last checked.");
    public static final CounterSpec GATE_FILLS = counter("firstcome.gate.fills", "fills",
            "Coupons whose holders were read from the authority to the last page.");
    public static final TimerSpec GATE_FILL_DURATION = timer("firstcome.gate.fill.duration",
            "Time from the first page of a fill to the last.", LONG);
    public static final CounterSpec GATE_FILL_HOLDERS = counter("firstcome.gate.fill.holders", "holders",
            "Holders that fills wrote to Redis.");

    // The authority.
    public static final CounterSpec OUTCOMES = counter("firstcome.outcomes", "outcomes",
            "Outcomes as they are decided, before the commit.", "kind", "reason");
    public static final TimerSpec DECISION_DELAY = timer("firstcome.decision.delay",
            "Time since the append of a command until it was decided.", LATENCY);
    public static final TimerSpec COMMIT_DURATION = timer("firstcome.commit.duration",
            "Commits of the authority's transactions.", LATENCY);
    public static final SummarySpec COMMIT_OUTCOMES = summary("firstcome.commit.outcomes", "outcomes",
            "Outcomes that shared a transaction.", List.of(1, 10, 100, 1_000, 10_000));
    public static final CounterSpec AUTHORITY_DEAD_LETTERS = counter("firstcome.authority.dead.letters", "records",
            "Commands copied to the dead-letter topic of the authority, before the commit.");
    public static final GaugeSpec AUTHORITY_LAG = gauge("firstcome.authority.lag", "commands",
            "Commands of all partitions that no committed transaction has decided; NaN while unknown.");
    public static final GaugeSpec RESTORE_REMAINING = gauge("firstcome.restore.remaining", "records",
            "Records that stores under restoration still have to read.");
    public static final TimerSpec RESTORE_DURATION = timer("firstcome.restore.duration",
            "Restorations of one partition of a store.", LONG);

    // The sink.
    public static final CounterSpec SINK_ROWS = counter("firstcome.sink.rows", "rows", "Issues stored.");
    public static final CounterSpec SINK_REVOCATIONS = counter("firstcome.sink.revocations", "rows",
            "Revocations stored.");
    public static final CounterSpec SINK_DUPLICATES = counter("firstcome.sink.rows.duplicate", "rows",
            "Issues and revocations that were stored already with the same values.");
    public static final TimerSpec SINK_BATCH = timer("firstcome.sink.batch", "Transactions that were committed.",
            LATENCY);
    public static final SummarySpec SINK_BATCH_ROWS = summary("firstcome.sink.batch.rows", "rows",
            "Issues and revocations that shared a transaction.", List.of(1, 10, 100, 500, 1_000, 5_000));
    public static final TimerSpec ROW_DELAY = timer("firstcome.row.delay",
            "Time since the append of a claim until the row of its issue was committed.", LATENCY);
    public static final GaugeSpec SINK_LAG = gauge("firstcome.sink.lag", "records",
            "Committed records of this instance's partitions that are not stored; NaN while unknown.");
    public static final GaugeSpec SINK_STOPPED_PARTITIONS = gauge("firstcome.sink.stopped.partitions", "partitions",
            "Partitions that wait for an operator.");
    public static final CounterSpec SINK_DIVERGENCES = counter("firstcome.sink.divergences", "partitions",
            "Partitions stopped because MySQL contradicts the log.");
    public static final CounterSpec SINK_DEAD_LETTERS = counter("firstcome.sink.dead.letters", "records",
            "Records copied to the dead-letter topic of the sink.");
    public static final CounterSpec SINK_FENCED = counter("firstcome.sink.fenced", "batches",
            "Batches given up because another sink had moved the position.");

    // Every service.
    public static final GaugeSpec READY = gauge("firstcome.ready", "0 or 1", "1 while /readyz answers 200, else 0.");
    public static final GaugeSpec LIVE = gauge("firstcome.live", "0 or 1", "1 while /livez answers 200, else 0.");
    public static final CounterSpec LOOP_FAILURES = counter("firstcome.loop.failures", "steps",
            "Steps of a service loop that failed and were tried again, or ended the loop.", "loop");
    public static final TimerSpec HTTP_REQUESTS = timer("http.server.requests",
            "Requests by method, route and status.", LATENCY, "method", "route", "status");
    public static final CounterSpec HTTP_REQUESTS_REJECTED = counter("http.server.requests.rejected", "requests",
            "Requests refused before a route saw them.", "status");

    private Meters() {}

    /** All meters, in the order of this class. */
    public static List<MeterSpec> all() {
        return List.copyOf(ALL);
    }

    private static CounterSpec counter(String name, String unit, String description, String... tags) {
        return added(new CounterSpec(name, unit, description, List.of(tags)));
    }

    private static GaugeSpec gauge(String name, String unit, String description, String... tags) {
        return added(new GaugeSpec(name, unit, description, List.of(tags)));
    }

    private static TimerSpec timer(String name, String description, List<Duration> buckets, String... tags) {
        return added(new TimerSpec(name, description, buckets, List.of(tags)));
    }

    private static SummarySpec summary(String name, String unit, String description, List<Integer> buckets,
            String... tags) {
        return added(new SummarySpec(name, unit, description, buckets, List.of(tags)));
    }

    private static <S extends MeterSpec> S added(S meter) {
        ALL.add(meter);
        return meter;
    }

    private static List<Duration> millis(long... bounds) {
        return LongStream.of(bounds).mapToObj(Duration::ofMillis).toList();
    }
}

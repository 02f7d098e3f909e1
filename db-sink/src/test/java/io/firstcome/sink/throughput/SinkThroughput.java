package io.firstcome.sink.throughput;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;

import io.firstcome.contract.CouponOutcome.CouponIssued;
import io.firstcome.contract.id.CouponId;
import io.firstcome.contract.id.RequestId;
import io.firstcome.contract.id.UserId;
import io.firstcome.kit.server.HttpServerSettings;
import io.firstcome.kit.tracing.TracingSettings;
import io.firstcome.sink.SinkService;
import io.firstcome.sink.SinkSettings;
import io.firstcome.sink.fixture.DatabaseServer;
import io.firstcome.sink.fixture.OutcomesTopic;
import io.firstcome.sink.fixture.TestDatabase;
import io.firstcome.testkit.fixture.CouponFixture;

/**
 * Measures how many issues the sink stores in a second, beside what the same server does with the same rows otherwise:
 * {@code LOAD DATA}, inserts of many rows, and one insert and commit a row. The ways take turns, so that each ratio is
 * one of a single run on a single machine. Arguments: servers ({@code MYSQL}, {@code MARIADB}), rows a measurement
 * (100,000 by default), rounds (3).
 */
public final class SinkThroughput {

    private static final int PARTITIONS = 6;
    private static final int TRANSACTION = 500;
    private static final int ROWS_ONE_BY_ONE = 500;

    private final DatabaseServer server;
    private final List<CouponIssued> rows;
    private final String name;
    private final Map<String, List<Double>> rates = new LinkedHashMap<>();

    private SinkThroughput(DatabaseServer server, String name, List<CouponIssued> rows) {
        this.server = server;
        this.name = name;
        this.rows = rows;
    }

    public static void main(String[] arguments) throws Exception {
        List<String> settings = List.of(arguments);
        int count = settings.size() > 1 ? Integer.parseInt(settings.get(1)) : 100_000;
        int rounds = settings.size() > 2 ? Integer.parseInt(settings.get(2)) : 3;
        for (String server : settings.isEmpty() ? List.of("MARIADB") : List.of(settings.getFirst().split(","))) {
            var spread = new SinkThroughput(DatabaseServer.valueOf(server), "12 coupons", issues(count, 12));
            var hot = new SinkThroughput(DatabaseServer.valueOf(server), "1 coupon", issues(count, 1));
            spread.warmUp();
            for (int round = 0; round < rounds; round++) {
                spread.round();
                hot.round();
            }
            spread.report();
            hot.report();
        }
        System.exit(0);
    }

    private void warmUp() throws Exception {
        measure("sink", this::sink);
        rates.clear();
    }

    private void round() throws Exception {
        measure("LOAD DATA", test -> DirectWrites.load(test, rows));
        measure("sink", this::sink);
        measure("inserts of 1,000 rows", test -> DirectWrites.insertMany(test, rows));
        measure("row by row", test -> DirectWrites.insertOneByOne(test, rows.subList(0, ROWS_ONE_BY_ONE)));
    }

    /** A way to store rows; returns rows a second. */
    private interface Way {
        double store(TestDatabase test) throws Exception;
    }

    private void measure(String way, Way measured) throws Exception {
        try (TestDatabase test = TestDatabase.create(server)) {
            double rate = measured.store(test);
            rates.computeIfAbsent(way, _ -> new ArrayList<>()).add(rate);
            System.out.printf("%s, %s, %-22s %,9.0f rows/s%n", server, name, way, rate);
        }
    }

    private double sink(TestDatabase test) throws Exception {
        return sink(test, rows);
    }

    /** Rows a second that the sink stores from a topic that holds them before it starts. */
    static double sink(TestDatabase test, List<CouponIssued> rows) throws Exception {
        try (var topic = OutcomesTopic.create(PARTITIONS)) {
            for (int i = 0; i < rows.size(); i += TRANSACTION) {
                topic.append(rows.subList(i, Math.min(i + TRANSACTION, rows.size())));
            }
            long end = 0;
            for (int partition = 0; partition < PARTITIONS; partition++) {
                end += topic.end(partition);
            }
            var defaults = SinkSettings.from(System.getenv());
            var settings = new SinkSettings(topic.kafka(), test.settings(defaults.database().poolSize()),
                    "throughput-" + UUID.randomUUID(), defaults.batchSize(), defaults.maxRefusals(), "127.0.0.1",
                    0, HttpServerSettings.from(Map.of()), TracingSettings.OFF);
            try (SinkService _ = SinkService.start(settings)) {
                return awaitStored(test, rows.size(), end);
            }
        }
    }

    /** The rate from the first commit that is seen to the last. */
    private static double awaitStored(TestDatabase test, int rows, long end) throws Exception {
        try (var observer = new StoredOffsets(test)) {
            var observation = await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(2))
                    .atMost(Duration.ofMinutes(10));
            long before = observation.until(observer::sum, stored -> stored > 0);
            long begin = System.nanoTime();
            observation.until(observer::sum, stored -> stored == end);
            return (rows - before * (double) rows / end) / seconds(begin);
        }
    }

    static double seconds(long begin) {
        return (System.nanoTime() - begin) / 1e9;
    }

    private void report() {
        double load = median("LOAD DATA");
        double oneByOne = median("row by row");
        rates.forEach((way, measured) -> System.out.printf(
                "%s, %s, %-22s median %,9.0f (%,.0f to %,.0f), %.2f x LOAD DATA, %.1f x row by row%n", server, name,
                way, median(way), measured.stream().min(Double::compare).orElseThrow(),
                measured.stream().max(Double::compare).orElseThrow(), median(way) / load, median(way) / oneByOne));
    }

    private double median(String way) {
        List<Double> sorted = rates.get(way).stream().sorted().toList();
        return sorted.get(sorted.size() / 2);
    }

    private static List<CouponIssued> issues(int count, int coupons) {
        return issues(count, new long[coupons], 0);
    }

    /**
     * Issues in the order of the log: each coupon's sequences ascend, users and requests are random.
     *
     * @param sequences the last sequence of each coupon so far; changed to the last one of these issues
     * @param users how many users were issued a coupon so far
     */
    static List<CouponIssued> issues(int count, long[] sequences, long users) {
        var random = new Random(users + 1);
        List<CouponIssued> issues = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            int coupon = random.nextInt(sequences.length);
            issues.add(new CouponIssued(new RequestId(new UUID(random.nextLong(), random.nextLong()).toString()),
                    new CouponId("coupon-" + coupon),
                    new UserId("user-" + Long.toHexString((users + i) * 0x9E3779B97F4AL)),
                    ++sequences[coupon], CouponFixture.OPENS_AT.plusMillis(i / 20)));
        }
        return issues;
    }
}

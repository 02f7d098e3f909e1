package io.firstcome.bench.limit;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;

import com.zaxxer.hikari.HikariDataSource;

import io.firstcome.bench.rival.parts.BenchDatabase;
import io.firstcome.bench.system.BenchServers;
import io.firstcome.bench.system.Limit;
import io.firstcome.contract.CouponDefinition;
import io.firstcome.contract.CouponOutcome;
import io.firstcome.contract.CouponOutcome.CouponChanged;
import io.firstcome.contract.CouponOutcome.CouponIssued;
import io.firstcome.contract.CouponState;
import io.firstcome.contract.CouponStatus;
import io.firstcome.contract.id.CouponId;
import io.firstcome.contract.id.RequestId;
import io.firstcome.contract.id.UserId;
import io.firstcome.contract.topic.Topics;
import io.firstcome.kit.settings.KafkaSettings;
import io.firstcome.sink.SinkService;
import io.firstcome.sink.SinkSettings;

/**
 * How many rows per second FirstCome's sink stores, from outcomes that are in the topic before it starts: six coupons,
 * in as many partitions as their names hash to.
 */
final class SinkLimit implements Limit {

    /** More rows per second than the sink can store. */
    private static final long ROWS_PER_SECOND = 120_000;
    private static final List<CouponId> COUPONS = IntStream.range(0, 6).mapToObj(i -> new CouponId("bench-" + i))
            .toList();
    private static final Instant TIME = Instant.parse("2026-01-01T00:00:00Z");
    private static final String STORED = """
            SELECT COALESCE(SUM(stored), 0) FROM
            (SELECT coupon_id, MAX(sequence) AS stored FROM issued_coupons GROUP BY coupon_id) AS each_coupon""";

    private final String name;
    private final BenchDatabase database;
    private final LimitKafka kafka;
    private boolean used;

    SinkLimit(String name, BenchServers servers, LimitKafka kafka) {
        this.name = name;
        this.database = BenchDatabase.named("bench_sink", servers);
        this.kafka = kafka.use();
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String unit() {
        return "rows/s";
    }

    @Override
    public double round(Duration duration) throws Exception {
        used = true;
        kafka.reset();
        database.drop();
        long rowsPerCoupon = (duration.toMillis() + 1_000) * ROWS_PER_SECOND / 1_000 / COUPONS.size();
        kafka.fill(outcomes(rowsPerCoupon).map(Topics.OUTCOMES::record));
        KafkaSettings topics = kafka.settings();
        SinkSettings settings = settings(database, Map.of(
                "FIRSTCOME_KAFKA_BOOTSTRAP_SERVERS", topics.bootstrap(),
                "FIRSTCOME_PARTITIONS", String.valueOf(topics.partitions()), "FIRSTCOME_REPLICAS", "1",
                "FIRSTCOME_SINK_PORT", "0"));
        try (HikariDataSource pool = database.pool(1);
                SinkService _ = SinkService.start(settings);
                Connection connection = pool.getConnection()) {
            return Pace.of(() -> stored(connection), rowsPerCoupon * COUPONS.size(), duration);
        }
    }

    /** The settings of a sink that stores in {@code database}. */
    static SinkSettings settings(BenchDatabase database, Map<String, String> others) {
        Map<String, String> environment = new HashMap<>(others);
        environment.put("FIRSTCOME_JDBC_URL", database.url());
        if (!database.user().isEmpty()) {
            environment.put("FIRSTCOME_DB_USER", database.user());
        }
        if (!database.password().isEmpty()) {
            environment.put("FIRSTCOME_DB_PASSWORD", database.password());
        }
        return SinkSettings.from(environment);
    }

    /** First the coupons, then their issues in turn. */
    private static Stream<CouponOutcome> outcomes(long rowsPerCoupon) {
        return Stream.concat(COUPONS.stream().map(coupon -> created(coupon, rowsPerCoupon)),
                LongStream.rangeClosed(1, rowsPerCoupon).boxed()
                        .flatMap(sequence -> COUPONS.stream().map(coupon -> issued(coupon, sequence))));
    }

    private static CouponOutcome created(CouponId coupon, long stock) {
        var definition = new CouponDefinition(coupon, "Bench", stock, TIME, TIME.plus(Duration.ofDays(1)));
        return new CouponChanged(new RequestId("define-" + coupon), CouponChanged.Change.CREATED,
                new CouponState(definition, CouponStatus.ACTIVE, 1, 0), TIME);
    }

    private static CouponOutcome issued(CouponId coupon, long sequence) {
        String user = Rows.user(sequence);
        return new CouponIssued(new RequestId("01938a3c-5f60-7cc2-9d1e-" + user), coupon, new UserId(user), sequence,
                TIME);
    }

    /** Each coupon's sequences are stored in order, so its highest sequence is its number of rows. */
    private static long stored(Connection connection) throws SQLException {
        if (!hasTable(connection)) {
            return 0;
        }
        try (Statement statement = connection.createStatement(); ResultSet row = statement.executeQuery(STORED)) {
            row.next();
            return row.getLong(1);
        }
    }

    /** The sink creates its tables when it starts to store. */
    private static boolean hasTable(Connection connection) throws SQLException {
        try (ResultSet tables = connection.getMetaData().getTables(connection.getCatalog(), null, "issued_coupons",
                null)) {
            return tables.next();
        }
    }

    @Override
    public void close() {
        kafka.release();
        if (used) {
            database.drop();
        }
    }
}

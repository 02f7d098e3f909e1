package io.firstcome.sink.throughput;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

import io.firstcome.sink.fixture.DatabaseServer;
import io.firstcome.sink.fixture.TestDatabase;

/**
 * Measures how many issues the sink adds in a second to a database that holds rows of the coupons {@code coupon-0},
 * {@code coupon-1} and so on. The sink migrates the tables first, if they are of an earlier release. Arguments: server
 * ({@code MYSQL}, {@code MARIADB}), database, rows a measurement (100,000 by default), rounds (3), of which the first
 * is a warm-up.
 */
public final class LargeTableThroughput {

    private LargeTableThroughput() {}

    public static void main(String[] arguments) throws Exception {
        List<String> settings = List.of(arguments);
        var server = DatabaseServer.valueOf(settings.get(0));
        int count = settings.size() > 2 ? Integer.parseInt(settings.get(2)) : 100_000;
        int rounds = settings.size() > 3 ? Integer.parseInt(settings.get(3)) : 3;
        try (TestDatabase test = TestDatabase.existing(server, settings.get(1))) {
            long begin = System.nanoTime();
            test.open().close();
            System.out.printf("tables ready after %.1f s%n", SinkThroughput.seconds(begin));
            long[] sequences = sequences(test);
            long rows = LongStream.of(sequences).sum();
            for (int round = 0; round < rounds; round++) {
                // Each measurement has a new topic, whose offsets begin at 0.
                test.execute("DELETE FROM sink_offsets");
                test.execute("DELETE FROM sink_logs");
                double rate = SinkThroughput.sink(test, SinkThroughput.issues(count, sequences, rows));
                rows += count;
                System.out.printf("%s, %d coupons, %,d rows: %,.0f rows/s%s%n", server, sequences.length, rows, rate,
                        round == 0 ? " (warm-up)" : "");
            }
        }
        System.exit(0);
    }

    /** The last sequence of each coupon, by the number in its name. */
    private static long[] sequences(TestDatabase test) throws Exception {
        List<Long> sequences = new ArrayList<>();
        try (Connection connection = test.connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("""
                        SELECT MAX(sequence) FROM issued_coupons GROUP BY coupon_id
                        ORDER BY CAST(SUBSTRING(coupon_id, 8) AS UNSIGNED)""")) {
            while (row.next()) {
                sequences.add(row.getLong(1));
            }
        }
        return sequences.stream().mapToLong(Long::longValue).toArray();
    }
}

package io.firstcome.bench.workload;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Path;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.firstcome.bench.load.ClaimPattern;
import io.firstcome.bench.load.LoadJob;
import io.firstcome.bench.load.LoadResult;
import io.firstcome.bench.report.Metric;
import io.firstcome.bench.report.Size;
import io.firstcome.bench.round.Round;
import io.firstcome.bench.round.Workload;
import io.firstcome.bench.system.FirstComeSystem;

/**
 * How time and memory per claim change with the number of holders of one coupon. The coupon grows by powers of ten; at
 * each size the decisions per second are measured.
 *
 * @param powers the largest number of holders is 10 to this power
 */
public record Growth(int powers, int connections) implements Workload {

    private static final int SMALLEST_POWER = 4;
    /** How many holders the measured load adds, in percent: few, so that the figures belong to the size. */
    private static final int MEASURED_PERCENT = 20;
    private static final Pattern USED_HEAP = Pattern.compile("used (\\d+)K");

    @Override
    public String id() {
        return "h";
    }

    @Override
    public String title() {
        return "(h) One coupon that grows to 10^" + powers + " holders, " + connections + " connections";
    }

    @Override
    public Size size() {
        return Size.endless(connections);
    }

    @Override
    public void run(Round round) throws Exception {
        String coupon = round.createCoupon(id(), Round.UNLIMITED);
        long holders = 0;
        for (int power = SMALLEST_POWER; power <= powers; power++) {
            long size = (long) Math.pow(10, power);
            LoadResult filled = round.generator().run(LoadJob.closedLoop(round.system().url(),
                    ClaimPattern.of(coupon, "f" + power), connections, size - holders));
            holders += filled.count(202) + filled.count(201);
            round.awaitStored(coupon, holders);
            OptionalDouble heap = round.system() instanceof FirstComeSystem system
                    ? liveHeapMib(system.pid())
                    : OptionalDouble.empty();
            if (heap.isPresent()) {
                round.record(new Metric("heap at 10^" + power, "MiB", false), heap.getAsDouble());
            }
            LoadResult measured = round.generator().run(LoadJob.closedLoop(round.system().url(),
                    ClaimPattern.of(coupon, "m" + power).waiting(), connections, size * MEASURED_PERCENT / 100));
            round.record(Metric.count("failed at 10^" + power), measured.failures());
            holders += measured.count(201);
            round.awaitStored(coupon, holders);
            round.record(Metric.rate("decisions at 10^" + power), round.decisionsPerSecond(measured));
            round.record(Metric.millis("p99 at 10^" + power), measured.latency().p99());
        }
    }

    /** The heap in use after a full collection. */
    private static OptionalDouble liveHeapMib(long pid) throws IOException {
        jcmd(pid, "GC.run");
        Matcher used = USED_HEAP.matcher(jcmd(pid, "GC.heap_info"));
        return used.find() ? OptionalDouble.of(Long.parseLong(used.group(1)) / 1024.0) : OptionalDouble.empty();
    }

    private static String jcmd(long pid, String command) throws IOException {
        Path program = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        Process process = new ProcessBuilder(program.toString(), String.valueOf(pid), command)
                .redirectErrorStream(true).start();
        return new String(process.getInputStream().readAllBytes(), UTF_8);
    }
}

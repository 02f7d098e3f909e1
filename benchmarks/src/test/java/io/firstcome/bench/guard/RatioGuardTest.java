package io.firstcome.bench.guard;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.firstcome.bench.limit.BareJavalin;
import io.firstcome.bench.report.BenchResult;
import io.firstcome.bench.report.Figure;
import io.firstcome.bench.report.Metric;
import io.firstcome.bench.round.Scale;
import io.firstcome.bench.run.BenchOptions;
import io.firstcome.bench.run.BenchRun;
import io.firstcome.bench.run.BenchRun.Progress;
import io.firstcome.bench.system.FirstComeBuild;

/**
 * Notices a collapse of the throughput. The bounds are far below the figures in docs/performance.md, and they are ratios
 * to bare Javalin in neighbouring rounds, so that a slow or busy machine does not break the build.
 */
class RatioGuardTest {

    private static final double SOLD_OUT_MIN = 0.15;
    private static final double ACCEPTED_MIN = 0.04;
    /** One commit a decision instead of one for all decisions that wait gives a tenth of this. */
    private static final double VERDICT_MIN = 0.01;
    private static final String OURS = "firstcome";

    @TempDir
    private Path directory;

    @Test
    void shouldKeepItsRatiosToBareJavalin() throws Exception {
        // given
        FirstComeBuild build = FirstComeBuild.at(OURS, System.getProperty("java.class.path"),
                List.of("-Xmx1g", "-XX:+UseSerialGC"));
        var options = new BenchOptions(List.of(build), List.of(), directory,
                new Scale(3, Duration.ofMillis(700), Duration.ofSeconds(2), 10),
                Set.of("e-keyless", "accepted", "verdict-128"), 1, 1, false, false);

        // when
        BenchResult result;
        try (BenchRun run = new BenchRun(options, new Silent())) {
            result = run.run("guard", "unknown");
        }

        // then
        assertThat(ratio(result, "e-keyless", Metric.rate("rejected")).max()).isGreaterThan(SOLD_OUT_MIN);
        assertThat(ratio(result, "accepted", Metric.rate("accepted")).max()).isGreaterThan(ACCEPTED_MIN);
        assertThat(ratio(result, "verdict-128", Metric.rate("verdicts")).max()).isGreaterThan(VERDICT_MIN);
    }

    private static Figure ratio(BenchResult result, String workload, Metric metric) {
        Figure bare = result.figure(workload, BareJavalin.NAME, metric).orElseThrow();
        return result.figure(workload, OURS, metric).orElseThrow().ratioTo(bare);
    }

    private record Silent() implements Progress {

        @Override
        public void begin(int rounds) {}

        @Override
        public void round(String description) {}

        @Override
        public void note(String description) {}
    }
}

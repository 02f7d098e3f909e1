package io.firstcome.bench.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchResultTest {

    private static final Metric RATE = Metric.rate("accepted");
    private static final Figure OURS = new Figure("accepted", "firstcome", RATE, List.of(30.0, 10.0, 20.0));
    private static final Figure BARE = new Figure("accepted", "bare", RATE, List.of(60.0, 50.0, 40.0));
    private static final BenchResult RESULT = new BenchResult(Machine.current(), "abc1234", "2026-11-28T21:00:00Z",
            "./firstcome bench", Map.of("accepted", "Accepted claims"), Map.of("accepted", Size.endless(128)),
            Map.of("bare", "Stores nothing."),
            List.of(OURS, BARE));

    @TempDir
    private Path directory;

    @Test
    void shouldReadWhatWasWritten() {
        // given
        Path file = directory.resolve("new").resolve("result.json");

        // when
        RESULT.writeTo(file);

        // then
        assertThat(BenchResult.readFrom(file)).isEqualTo(RESULT);
    }

    @Test
    void shouldCompareRoundByRound() {
        // when
        Figure ratio = OURS.ratioTo(BARE);

        // then
        assertThat(OURS.median()).isEqualTo(20);
        assertThat(ratio.rounds()).containsExactly(0.5, 0.2, 0.5);
        assertThat(ratio.median()).isCloseTo(0.5, within(1e-9));
    }

    @Test
    void shouldShowMedianRangeAndRatio() {
        // when
        List<List<String>> rows = Tables.rows(RESULT, "accepted", "bare");

        // then
        assertThat(rows).containsExactly(List.of("system", "accepted, /s", "× bare"),
                List.of("firstcome", "20 (10–30)", "0.50"), List.of("bare", "50 (40–60)", "1"));
    }

    @Test
    void shouldReplaceTheFiguresOfThePageOnly() throws Exception {
        // given
        Path page = directory.resolve("performance.md");
        Files.writeString(page, "before\n" + PerformancePage.BEGIN + "\nold\n" + PerformancePage.END + "\nafter\n");

        // when
        new PerformancePage(directory, "firstcome", "bare").write(RESULT);

        // then
        assertThat(Files.readString(page)).startsWith("before\n").endsWith(PerformancePage.END + "\nafter\n")
                .contains("| firstcome | 20 (10–30) | 0.50 |").contains("bare | Stores nothing.")
                .doesNotContain("old");
        assertThat(directory.resolve("performance-accepted-accepted.svg")).content().contains("firstcome", "20 /s");
    }

    @Test
    void shouldShowWhatTheAttackChanged() {
        // given
        BenchResult result = new BenchResult(Machine.current(), "abc1234", "2026-11-28T21:00:00Z", "./firstcome bench",
                Map.of("idle", "Nothing is sent"), Map.of("idle", Size.endless(200)), Map.of(),
                List.of(figure(ProtectionPage.WITHOUT, ProtectionPage.P50, 10), figure(ProtectionPage.WITH,
                        ProtectionPage.P50, 20), figure(ProtectionPage.WITHOUT, ProtectionPage.P99, 40),
                        figure(ProtectionPage.WITH, ProtectionPage.P99, 60),
                        figure(ProtectionPage.WITHOUT, Metric.count(ProtectionPage.GOOD + "201"), 100),
                        figure(ProtectionPage.WITH, Metric.count(ProtectionPage.GOOD + "201"), 100),
                        figure(ProtectionPage.WITH, Metric.count(ProtectionPage.BAD + "429"), 7),
                        figure(ProtectionPage.WITH, Metric.count(ProtectionPage.BAD + "closed"), 0)));

        // when
        List<String> row = ProtectionPage.rows(result).getLast();

        // then
        assertThat(row).containsExactly("idle", "10", "20", "40", "60", "1.50", "201 only", "7 × 429");
    }

    private static Figure figure(String side, Metric metric, double value) {
        return new Figure("idle", side, metric, List.of(value));
    }
}

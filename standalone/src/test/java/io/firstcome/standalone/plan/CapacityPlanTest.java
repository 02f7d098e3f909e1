package io.firstcome.standalone.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import com.fasterxml.jackson.databind.JsonNode;

import io.firstcome.contract.json.Json;
import io.firstcome.contract.topic.Topics;
import io.firstcome.ingress.limits.ProtectionSettings;
import picocli.CommandLine;

class CapacityPlanTest {

    private static final Path DOCS = Path.of("..", "docs");

    /** Round figures, near the published ones. */
    private static final MeasuredFigures MEASURED = new MeasuredFigures("machine", 2, "run", 40_000, 60_000, 30_000,
            500, new MeasuredFigures.Rates(1_500, 2_500, 4_000, 20_000), new MeasuredFigures.Micros(590, 400, 80),
            new MeasuredFigures.ManyCoupons(1_250, 1_100));

    @TempDir
    private Path directory;

    @Test
    void shouldLimitAHotCouponToOneThread() {
        // when
        CapacityPlan plan = CapacityPlan.of(sale(10_000_000, 1_000_000, 60, 1), MEASURED);

        // then
        assertThat(plan.value("streamThreads")).isEqualTo(1);
        assertThat(plan.value("partitions")).isEqualTo(6);
        assertThat(plan.value("decisionSeconds")).isEqualTo(25);
        assertThat(plan.value("undecided")).isCloseTo(760_000, within(1.0));
        assertThat(plan.value("storedSeconds")).isCloseTo(33.3, within(0.1));
        assertThat(plan.limits().getFirst()).contains("1,000,000 issues of one coupon need 25 s", "40,000 decisions/s",
                "no user is answered later than 60.5 s");
        assertThat(plan.limits()).anyMatch(limit -> limit.contains("The last winner waits 19 s"));
    }

    @Test
    void shouldSpreadSeveralCouponsOverThreads() {
        // when
        CapacityPlan plan = CapacityPlan.of(sale(10_000_000, 1_000_000, 60, 100), MEASURED);

        // then
        assertThat(plan.value("streamThreads")).isEqualTo(7);
        assertThat(plan.value("partitions")).isEqualTo(14);
        assertThat(plan.value("decisionSeconds")).isCloseTo(6, within(0.01));
        assertThat(plan.limits()).noneMatch(limit -> limit.contains("The last winner waits"));
    }

    @Test
    void shouldSizeTheIngressForTheBusiestSecond() {
        // given
        CapacityPlan all = CapacityPlan.of(sale(600_000, 600_000, 60, 10), MEASURED);

        // when
        CapacityPlan few = CapacityPlan.of(sale(600_000, 1_000, 60, 10), MEASURED);

        // then
        assertThat(all.value("ingressCores")).isCloseTo(10_000 * 590e-6 * 0.6, within(0.01));
        assertThat(all.value("ingressInstances")).isEqualTo(2);
        assertThat(few.value("ingressCores")).isCloseTo(1_000 * 590e-6 * 0.6 + 9_000 * 240e-6, within(0.01));
    }

    /** Two records of an issued claim, and 590 µs × 2 ÷ 59 = 20 µs for both. */
    @Test
    void shouldLeaveProcessorsForWhatEachIngressReads() {
        // given
        CapacityPlan small = CapacityPlan.of(sale(600_000, 600_000, 60, 10), MEASURED);

        // when
        CapacityPlan large = CapacityPlan.of(sale(6_000_000, 6_000_000, 60, 100), MEASURED);

        // then
        assertThat(small.value("readingCores")).isCloseTo(10_000 * 20e-6, within(0.001));
        assertThat(large.value("readingCores")).isCloseTo(100_000 * 20e-6, within(0.001));
        assertThat(large.value("ingressInstances")).isEqualTo(Math.ceil(100_000 * 590e-6 * 0.6 / 1.2));
        assertThat(small.limits()).noneMatch(limit -> limit.startsWith("Each ingress reads"));
        assertThat(large.limits())
                .anyMatch(limit -> limit.contains("up to 2 processors of each")
                        && limit.contains("Give each ingress 7 processors"));
    }

    @Test
    void shouldCountTheClaimsThatAskTheGate() {
        // given
        CapacityPlan large = CapacityPlan.of(sale(10_000_000, 1_000_000, 60, 1), MEASURED);

        // when
        CapacityPlan small = CapacityPlan.of(sale(10_000_000, 1_000, 60, 1), MEASURED);

        // then
        assertThat(small.value("askingClaims")).isCloseTo(10_000_000 / 60.0 * 0.5, within(1.0));
        assertThat(large.value("askingClaims")).isCloseTo(10_000_000 / 60.0 * (25 - 6 + 0.5), within(1.0));
        assertThat(large.value("workSeconds")).isCloseTo((1_000_000 / 2_500.0
                + large.value("askingClaims") / (4_000 / 0.6)
                + (9_000_000 - large.value("askingClaims")) / 20_000) * 2 / large.value("cores"), within(0.001));
    }

    /** The plan counts each early loser once; what it does not count, it says. */
    @Test
    void shouldSayThatLosersAskAgain() {
        // given
        CapacityPlan plan = CapacityPlan.of(sale(10_000_000, 1_000_000, 60, 1), MEASURED);

        // when
        CapacityPlan withoutLosers = CapacityPlan.of(sale(600_000, 600_000, 60, 10), MEASURED);

        // then
        assertThat(plan.limits()).anyMatch(limit -> limit.contains("ask the gate again")
                && limit.contains("up to 3,250,000 of them ask in a second"));
        assertThat(plan.limits().getFirst())
                .contains("60.5 s after the opening, if ", "ingresses and Redis keep up with losers who ask again");
        assertThat(withoutLosers.limits()).noneMatch(limit -> limit.contains("ask the gate again"));
        assertThat(withoutLosers.limits().getFirst()).endsWith("after the opening.");
    }

    @Test
    void shouldNameTheLimitsOfThoseWhoWait() {
        // given
        CapacityPlan small = CapacityPlan.of(sale(100_000, 10_000, 60, 1), MEASURED);

        // when
        CapacityPlan large = CapacityPlan.of(sale(10_000_000, 1_000_000, 60, 1), MEASURED);

        // then
        double ingresses = large.value("ingressInstances");
        assertThat(large.limits())
                .anyMatch(limit -> limit.contains("let " + PlanText.number(Math.floor(ingresses * 5_556 * 0.9))
                        + " wait (FIRSTCOME_STOCK_WAITERS_MAX, 5,556 on each"))
                .anyMatch(limit -> limit.startsWith("Up to 4,010,000 callers")
                        && limit.contains("keep " + PlanText.number(ingresses * 20_000) + " connections"));
        assertThat(small.limits())
                .noneMatch(limit -> limit.contains("STOCK_WAITERS_MAX") || limit.contains("CONNECTIONS_MAX"));
    }

    /** An instance has 1,024 processors at most. */
    @Test
    void shouldAdviseNoIngressLargerThanTheOptionAllows() {
        // when
        CapacityPlan plan = CapacityPlan.of(sale(8_000_000_000L, 8_000_000_000L, 1, 1_000_000), MEASURED);

        // then
        assertThat(plan.limits()).anyMatch(limit -> limit.contains("Run several installations"))
                .noneMatch(limit -> limit.contains("Give each ingress"));
        assertThat(plan.limits().getFirst()).contains(", if each ingress can read what all write");
    }

    @Test
    void shouldPlanManyCouponsAsMeasured() {
        // when
        CapacityPlan fewer = CapacityPlan.of(sale(600_000, 600_000, 60, 999), MEASURED);
        CapacityPlan many = CapacityPlan.of(sale(600_000, 600_000, 60, 1_000), MEASURED);

        // then
        assertThat(fewer.value("ingressCores")).isCloseTo(10_000 * 590e-6 * 0.6, within(0.01));
        assertThat(many.value("ingressCores")).isCloseTo(10_000 * 1_100e-6 * 0.6, within(0.01));
        assertThat(many.value("workSeconds") * many.value("cores"))
                .isCloseTo(2 * fewer.value("workSeconds") * fewer.value("cores"), within(1.0));
    }

    /** All people claim a hundred coupons each within a second. */
    @Test
    void shouldPlanForAllPeople() {
        // given
        Forecast sale = new Forecast(8_000_000_000L, Forecast.COUNT_MAX, 1, 1_000_000, 100, 4096, 3, 876_000, 86_400, 1,
                0.001, 0.01);

        // when
        CapacityPlan plan = CapacityPlan.of(sale, MEASURED);

        // then
        assertThat(plan.quantities()).allSatisfy(quantity -> assertThat(quantity.value()).as(quantity.name()).isFinite()
                .isGreaterThanOrEqualTo(quantity.unit().equals("h") ? -1e9 : 0));
        assertThat(plan.value("issues")).isEqualTo(800_000_000_000.0);
        assertThat(plan.value("mysqlDisk")).isGreaterThan(Long.MAX_VALUE);
        assertThat(PlanText.of(plan)).doesNotContain("Infinity", "NaN");
    }

    @Test
    void shouldPrintATable() {
        // given
        StringWriter out = new StringWriter();

        // when
        int code = command(out).execute("--users", "10000000", "--stock", "1000000", "--seconds", "60");

        // then
        assertThat(code).isZero();
        assertThat(out.toString()).contains("10,000,000 users claim 1,000,000 pieces of one coupon within 60 s",
                "ingress-api instances", "Kafka disk of one sale", "Limits");
    }

    @Test
    void shouldPrintJson() throws Exception {
        // given
        StringWriter out = new StringWriter();

        // when
        command(out).execute("--users", "1000", "--stock", "100", "--json");

        // then
        JsonNode plan = Json.mapper().readTree(out.toString());
        assertThat(plan.at("/forecast/users").asLong()).isEqualTo(1000);
        assertThat(plan.at("/quantities").findValuesAsText("id")).contains("partitions", "redisMemory", "kafkaOut");
        assertThat(plan.at("/constants/0/source").asText()).isEqualTo("limits: authority, winners");
        assertThat(plan.at("/limits")).isNotEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "--users 0 --stock 1 | --users must be from 1 to 1000000000000, not 0",
        "--users 1 --stock 1 --coupons 2 | --coupons must be from 1 to 1, not 2",
        "--users 1 --stock 1 --utilisation 1.5 | --utilisation must be from 0.01 to 1, not 1.5",
        "--users 1 --stock 1 --seconds NaN | --seconds must be from 0.001 to 31536000, not NaN",
        "--users 1 --stock 1 --retention-hours 24 | --retention-hours must be from 720 to 876000, not 24",
        "--users 1 | Missing required option: '--stock=N'"})
    void shouldRejectWrongOptions(String arguments, String problem) {
        // given
        StringWriter err = new StringWriter();
        CommandLine command = command(new StringWriter()).setErr(new PrintWriter(err));

        // when
        int code = command.execute(arguments.split(" "));

        // then
        assertThat(code).isEqualTo(2);
        assertThat(err.toString()).contains(problem);
    }

    @Test
    void shouldKeepThePageCurrent() throws IOException {
        // given
        Files.copy(DOCS.resolve("capacity.md"), directory.resolve("capacity.md"));
        Files.copy(DOCS.resolve("performance.json"), directory.resolve("performance.json"));

        // when
        CapacityPage.write(directory);

        // then
        assertThat(directory.resolve("capacity.md"))
                .as("docs/capacity.md: ./firstcome bench --write-docs writes it from docs/performance.json")
                .hasSameTextualContentAs(DOCS.resolve("capacity.md"));
    }

    /** {@code docs/settings.md} is generated from the settings. */
    @Test
    void shouldKnowTheDefaultsOfSettings() throws IOException {
        // when
        String settings = Files.readString(DOCS.resolve("settings.md"));

        // then
        assertThat(CapacityPlan.DEFAULTS).allSatisfy((name, value) -> assertThat(settings)
                .contains("| `" + name + "` | `" + value + "` |"));
    }

    @Test
    void shouldKnowTheDefaultOfWaitersForStock() {
        // when
        ProtectionSettings limits = ProtectionSettings.from(Map.of())
                .within(CapacityPlan.DEFAULTS.get("FIRSTCOME_HTTP_CONNECTIONS_MAX"), 1_000);

        // then
        assertThat(limits.stockWaiters()).isEqualTo(CapacityPlan.STOCK_WAITERS_MAX);
    }

    @Test
    void shouldKnowTheRetentionOfTopics() {
        assertThat(Topics.COMMANDS.settings()).containsEntry("retention.ms", millis(CapacityFormulas.COMMANDS_HOURS));
        assertThat(Topics.OUTCOMES.settings()).containsEntry("retention.ms", millis(CapacityFormulas.OUTCOMES_HOURS));
    }

    private static String millis(int hours) {
        return String.valueOf(Duration.ofHours(hours).toMillis());
    }

    private static Forecast sale(long users, long stock, double seconds, long coupons) {
        return new Forecast(users, stock, seconds, coupons, 1, 160, 3, 720, 1, 4, 10, 0.6);
    }

    private static CommandLine command(StringWriter out) {
        return new CommandLine(new PlanCommand()).setOut(new PrintWriter(out));
    }
}

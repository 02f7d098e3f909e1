package io.firstcome.docs;

import static io.firstcome.docs.Monitoring.elements;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import com.fasterxml.jackson.databind.JsonNode;

import io.firstcome.contract.topic.Topics;

/** The alarms are valid, tested, and agree with {@code docs/operations.md}. */
class AlertRulesTest {

    private static final Path OPERATIONS = Path.of("..", "docs", "operations.md");
    private static final Path TESTS = Monitoring.OPS.resolve("prometheus/tests/alerts.test.yml");
    private static final Pattern HEADING = Pattern.compile("(?m)^#{2,4} (.+)$");
    /** A row of the table of alarms: name, severity, condition, time, section. */
    private static final Pattern ROW = Pattern
            .compile(
                    "(?m)^\\| `(FirstCome\\w+)` \\| (\\w+) \\| [^|]+ \\| ([\\w ]+) \\| "
                            + "\\[[^]]+]\\(#([a-z0-9-]+)\\) \\|$");

    private record Alarm(String name, String severity, String after, String section) {}

    @Test
    void shouldAgreeWithTheTableOfAlarms() throws IOException {
        // given
        List<Alarm> rules = Monitoring.alerts().stream()
                .map(rule -> new Alarm(rule.path("alert").asText(), rule.path("labels").path("severity").asText(),
                        rule.path("for").asText("at once"), section(rule)))
                .toList();

        // when
        List<Alarm> listed = ROW.matcher(Files.readString(OPERATIONS)).results()
                .map(row -> new Alarm(row.group(1), row.group(2), row.group(3), row.group(4))).toList();

        // then
        assertThat(listed).isNotEmpty().containsExactlyElementsOf(rules);
    }

    @Test
    void shouldLinkToSectionsThatExist() throws IOException {
        // given
        Set<String> sections = HEADING.matcher(Files.readString(OPERATIONS)).results()
                .map(heading -> heading.group(1).toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9 -]", "").replace(' ',
                        '-'))
                .collect(Collectors.toSet());

        // when
        List<JsonNode> rules = Monitoring.alerts();

        // then
        assertThat(rules).isNotEmpty().allSatisfy(rule -> {
            assertThat(rule.path("annotations").path("runbook_url").asText()).startsWith("docs/operations.md#");
            assertThat(rule.path("annotations").path("summary").asText()).endsWith(".");
            assertThat(sections).contains(section(rule));
        });
    }

    @Test
    void shouldUseDeclaredMetersOnly() {
        // given
        Set<String> declared = Monitoring.declaredSeries();

        // when
        Set<String> used = Monitoring.alerts().stream()
                .flatMap(rule -> Monitoring.ownSeries(rule.path("expr").asText()).stream()).collect(Collectors.toSet());

        // then
        assertThat(used).isNotEmpty().isSubsetOf(declared);
    }

    @Test
    void shouldTestThatEveryAlarmIsRaised() {
        // given
        List<String> rules = Monitoring.alerts().stream().map(rule -> rule.path("alert").asText()).toList();

        // when
        Set<String> raised = elements(Monitoring.yaml(TESTS).path("tests"))
                .flatMap(test -> elements(test.path("alert_rule_test")))
                .filter(expectation -> !expectation.path("exp_alerts").isEmpty())
                .map(expectation -> expectation.path("alertname").asText()).collect(Collectors.toSet());

        // then
        assertThat(raised).containsExactlyInAnyOrderElementsOf(rules);
    }

    /** The alarm is raised when commands are a day old, so that six days are left to act. */
    @Test
    void shouldRaiseAnAlarmLongBeforeCommandsExpire() {
        // given
        JsonNode rule = Monitoring.alerts().stream()
                .filter(it -> it.path("alert").asText().equals("FirstComeCommandsExpire")).findAny().orElseThrow();

        // when
        long seconds = Long.parseLong(rule.path("expr").asText().replaceAll(".*> ", ""));

        // then
        assertThat(seconds * 1000 * 7)
                .isLessThanOrEqualTo(Long.parseLong(Topics.COMMANDS.settings().get("retention.ms")));
    }

    @Test
    void shouldPassTheChecksOfPromtool() throws Exception {
        // given
        assumeTrue(Monitoring.program("promtool").isPresent(), "promtool is not installed");

        // when
        List<String> failures = new ArrayList<>();
        for (List<String> arguments : List.of(List.of("check", "rules", "alerts.yml"),
                List.of("test", "rules", "tests/alerts.test.yml"), List.of("check", "config", "prometheus.yml"))) {
            promtool(arguments, failures);
        }

        // then
        assertThat(failures).isEmpty();
    }

    /**
     * Debian's promtool is built without the service discovery of Kubernetes, so the test puts a fixed target in its
     * place. The rest of the file is checked as it is.
     */
    @Test
    void shouldPassTheChecksOfOtherConfigurations(@TempDir Path directory) throws Exception {
        // given
        assumeTrue(Monitoring.program("promtool").isPresent(), "promtool is not installed");
        Files.copy(Monitoring.OPS.resolve("prometheus/alerts.yml"), directory.resolve("alerts.yml"));
        String kubernetes = Files.readString(Monitoring.OPS.resolve("kubernetes/monitoring/prometheus.yml"));
        String discovery = "    kubernetes_sd_configs:\n      - role: pod\n        namespaces: {names: [firstcome]}\n";
        Path replaced = Files.writeString(directory.resolve("kubernetes.yml"),
                kubernetes.replace(discovery, "    static_configs:\n      - targets: [pod:8080]\n"));
        Path compose = Files.copy(Monitoring.OPS.resolve("compose/prometheus.yml"), directory.resolve("compose.yml"));

        // when
        List<String> failures = new ArrayList<>();
        for (Path configuration : List.of(replaced, compose)) {
            promtool(List.of("check", "config", configuration.toString()), failures);
        }

        // then
        assertThat(kubernetes).contains(discovery);
        assertThat(failures).isEmpty();
    }

    private static void promtool(List<String> arguments, List<String> failures) throws Exception {
        List<String> command = new ArrayList<>(List.of(Monitoring.program("promtool").orElseThrow().toString()));
        command.addAll(arguments);
        Process process = new ProcessBuilder(command).directory(Monitoring.OPS.resolve("prometheus").toFile())
                .redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes());
        if (process.waitFor() != 0) {
            failures.add(command + "\n" + output);
        }
    }

    private static String section(JsonNode rule) {
        return rule.path("annotations").path("runbook_url").asText().replaceAll(".*#", "");
    }
}

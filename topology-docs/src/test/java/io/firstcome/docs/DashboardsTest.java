package io.firstcome.docs;

import static io.firstcome.docs.Monitoring.elements;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import com.fasterxml.jackson.databind.JsonNode;

/** The dashboards keep Grafana's rules for their structure, and use only series that the services expose. */
class DashboardsTest {

    /** The width of Grafana's grid. */
    private static final int COLUMNS = 24;
    private static final String DATA_SOURCE = "{\"type\":\"prometheus\",\"uid\":\"${datasource}\"}";

    static List<Path> dashboards() {
        return Monitoring.dashboards();
    }

    @Test
    void shouldHaveDashboardsWithDifferentIds() {
        // when
        List<String> ids = dashboards().stream().map(file -> Monitoring.json(file).path("uid").asText()).toList();

        // then
        assertThat(ids).containsExactlyInAnyOrder("firstcome-sale", "firstcome-health", "firstcome-capacity",
                "firstcome-latency");
    }

    @ParameterizedTest
    @MethodSource("dashboards")
    void shouldLetTheReaderChooseTheDataSource(Path file) {
        // given
        JsonNode dashboard = Monitoring.json(file);

        // when
        JsonNode variables = dashboard.path("templating").path("list");

        // then
        assertThat(variables).hasSize(1);
        assertThat(variables.get(0).path("name").asText()).isEqualTo("datasource");
        assertThat(variables.get(0).path("type").asText()).isEqualTo("datasource");
        assertThat(variables.get(0).path("query").asText()).isEqualTo("prometheus");
        assertThat(graphs(dashboard)).allSatisfy(panel -> {
            assertThat(panel.path("datasource").toString()).isEqualTo(DATA_SOURCE);
            assertThat(panel.path("targets"))
                    .allSatisfy(it -> assertThat(it.path("datasource").toString()).isEqualTo(DATA_SOURCE));
        });
    }

    @ParameterizedTest
    @MethodSource("dashboards")
    void shouldExplainEveryPanel(Path file) {
        // when
        List<JsonNode> panels = graphs(Monitoring.json(file));

        // then
        assertThat(panels).isNotEmpty().allSatisfy(panel -> {
            assertThat(panel.path("title").asText()).isNotBlank();
            assertThat(panel.path("description").asText()).endsWith(".");
            assertThat(panel.path("fieldConfig").path("defaults").path("unit").asText()).isNotBlank();
            assertThat(panel.path("targets")).isNotEmpty().allSatisfy(target -> {
                assertThat(target.path("expr").asText()).isNotBlank();
                assertThat(target.path("legendFormat").asText()).isNotBlank();
            });
        });
        assertThat(panels).extracting(panel -> panel.path("title").asText()).doesNotHaveDuplicates();
        assertThat(panels).flatExtracting(panel -> elements(panel.path("targets"))
                .map(target -> panel.path("id") + target.path("refId").asText()).toList()).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @MethodSource("dashboards")
    void shouldPlacePanelsSideBySide(Path file) {
        // given
        List<JsonNode> panels = elements(Monitoring.json(file).path("panels")).toList();

        // when
        List<String> overlaps = new ArrayList<>();
        Set<List<Integer>> taken = new HashSet<>();
        for (JsonNode panel : panels) {
            JsonNode grid = panel.path("gridPos");
            for (int x = grid.path("x").asInt(); x < grid.path("x").asInt() + grid.path("w").asInt(); x++) {
                for (int y = grid.path("y").asInt(); y < grid.path("y").asInt() + grid.path("h").asInt(); y++) {
                    if (x < 0 || x >= COLUMNS || !taken.add(List.of(x, y))) {
                        overlaps.add(panel.path("title").asText());
                    }
                }
            }
        }

        // then
        assertThat(overlaps).isEmpty();
        assertThat(panels).extracting(panel -> panel.path("id").asInt()).doesNotHaveDuplicates()
                .allSatisfy(id -> assertThat(id).isPositive());
    }

    @ParameterizedTest
    @MethodSource("dashboards")
    void shouldUseDeclaredMetersOnly(Path file) {
        // given
        Set<String> declared = Monitoring.declaredSeries();

        // when
        Set<String> used = new HashSet<>();
        graphs(Monitoring.json(file)).forEach(panel -> elements(panel.path("targets"))
                .forEach(target -> used.addAll(Monitoring.ownSeries(target.path("expr").asText()))));

        // then
        assertThat(used).isNotEmpty().isSubsetOf(declared);
    }

    @Test
    void shouldBeProvisioned() {
        // given
        Path provisioning = Monitoring.OPS.resolve("grafana/provisioning");

        // when
        JsonNode provider = Monitoring.yaml(provisioning.resolve("dashboards/firstcome.yml")).path("providers").get(0);
        JsonNode source = Monitoring.yaml(provisioning.resolve("datasources/prometheus.yml")).path("datasources")
                .get(0);

        // then
        assertThat(provider.path("options").path("path").asText()).isEqualTo("/var/lib/grafana/dashboards");
        assertThat(source.path("type").asText()).isEqualTo("prometheus");
    }

    /** All panels but the headings. */
    private static List<JsonNode> graphs(JsonNode dashboard) {
        return elements(dashboard.path("panels")).filter(panel -> !panel.path("type").asText().equals("row")).toList();
    }
}

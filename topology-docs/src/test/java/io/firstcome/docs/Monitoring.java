package io.firstcome.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;

import io.firstcome.kit.metrics.MeterSpec;
import io.firstcome.kit.metrics.MeterSpec.CounterSpec;
import io.firstcome.kit.metrics.MeterSpec.GaugeSpec;
import io.firstcome.kit.metrics.MeterSpec.SummarySpec;
import io.firstcome.kit.metrics.MeterSpec.TimerSpec;
import io.firstcome.kit.metrics.Meters;

/** The files of {@code ops}. */
final class Monitoring {

    static final Path OPS = Path.of("..", "ops");
    static final Path ALERTS = OPS.resolve("prometheus/alerts.yml");

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
    private static final Pattern OWN_SERIES = Pattern.compile("\\b(?:firstcome|http_server)_[a-z_]+");

    private Monitoring() {}

    static List<Path> dashboards() {
        try (Stream<Path> files = Files.list(OPS.resolve("grafana/dashboards"))) {
            return files.sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @throws UncheckedIOException when the file is not valid JSON */
    static JsonNode json(Path file) {
        return read(JSON, file);
    }

    static JsonNode yaml(Path file) {
        return read(YAML, file);
    }

    private static JsonNode read(ObjectMapper mapper, Path file) {
        try {
            return mapper.readTree(file.toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Stream<JsonNode> elements(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }

    /** Every alarm. */
    static List<JsonNode> alerts() {
        return elements(yaml(ALERTS).path("groups")).flatMap(group -> elements(group.path("rules"))).toList();
    }

    /** The series of an expression that FirstCome itself declares. */
    static Set<String> ownSeries(String expression) {
        return OWN_SERIES.matcher(expression).results().map(match -> match.group()).collect(Collectors.toSet());
    }

    /** Every name of a series that a service may expose. */
    static Set<String> declaredSeries() {
        return Meters.all().stream().flatMap(Monitoring::series).collect(Collectors.toSet());
    }

    private static Stream<String> series(MeterSpec meter) {
        return switch (meter) {
            case CounterSpec counter -> counter.families().stream();
            case GaugeSpec gauge -> gauge.families().stream();
            case TimerSpec _,SummarySpec _ -> {
                String family = meter.families().getFirst();
                yield Stream.of("_bucket", "_count", "_sum", "_max").map(suffix -> family + suffix);
            }
        };
    }

    /** A program on the path. */
    static Optional<Path> program(String name) {
        return Stream.of(System.getenv("PATH").split(":")).map(directory -> Path.of(directory, name))
                .filter(Files::isExecutable).findFirst();
    }
}

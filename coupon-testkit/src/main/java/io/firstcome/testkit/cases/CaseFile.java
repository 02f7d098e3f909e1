package io.firstcome.testkit.cases;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;

import io.firstcome.contract.json.Json;

/** Reads one YAML file of cases. Every error message names the file and the case. */
final class CaseFile {

    private static final YAMLMapper YAML = YAMLMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private CaseFile() {}

    static List<IssuanceCase> load(String file) {
        try (InputStream yaml = CaseFile.class.getResourceAsStream("/cases/" + file)) {
            if (yaml == null) {
                throw new IllegalArgumentException(file + ": file not found");
            }
            return parse(file, yaml.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": cannot be read", e);
        }
    }

    static List<IssuanceCase> parse(String file, byte[] yaml) {
        List<IssuanceCase> cases = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (JsonNode node : tree(file, yaml)) {
            String name = node.path("name").asText("case " + (cases.size() + 1));
            cases.add(read(file, name, node));
            if (!names.add(name)) {
                throw new IllegalArgumentException(file + ": " + name + ": duplicate name");
            }
        }
        return cases;
    }

    private static JsonNode tree(String file, byte[] yaml) {
        try {
            JsonNode tree = YAML.readTree(yaml);
            if (!tree.isArray() || tree.isEmpty()) {
                throw new IllegalArgumentException(file + ": is not a list of cases");
            }
            return tree;
        } catch (IOException e) {
            throw new IllegalArgumentException(file + ": is not valid YAML: " + e.getMessage(), e);
        }
    }

    private static IssuanceCase read(String file, String name, JsonNode node) {
        try {
            return Json.read(Json.write(node), YamlCase.class).toCase(file);
        } catch (IllegalArgumentException problem) {
            throw new IllegalArgumentException(file + ": " + name + ": " + problem.getMessage(), problem);
        }
    }
}

package io.firstcome.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

import org.apache.kafka.streams.TopologyDescription;

import io.firstcome.ingress.documents.ProblemPage;
import io.firstcome.processor.topology.CouponTopology;

/** Writes the documents that are generated. Which they are, and what stands in them, is {@link #generate()}. */
public final class TopologyDocs {

    private TopologyDocs() {}

    /** @param arguments the folder to write into */
    public static void main(String[] arguments) throws IOException {
        Path folder = Path.of(arguments[0]);
        for (Map.Entry<String, String> document : generate().entrySet()) {
            Path file = folder.resolve(document.getKey());
            Files.createDirectories(file.getParent());
            Files.writeString(file, document.getValue());
        }
    }

    /** Every document: its path below the folder, and its text. The same on every machine. */
    static Map<String, String> generate() throws IOException {
        TopologyDescription description = CouponTopology.build(1, outcome -> {}).describe();
        TopologyGraph graph = TopologyGraph.of(description);
        var documents = new TreeMap<String, String>();
        documents.put("topology/topology.txt", description.toString());
        documents.put("topology/topology.svg", new SvgPicture(graph).draw());
        documents.put("topology/README.md", TopologyPage.of(graph, description.toString()));
        documents.put("topics.md", TopicsPage.text());
        documents.put("settings.md", SettingsPage.text());
        documents.put("problems.md", ProblemPage.markdown());
        return documents;
    }
}

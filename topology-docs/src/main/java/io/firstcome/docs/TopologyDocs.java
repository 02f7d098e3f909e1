package io.firstcome.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

import org.apache.kafka.streams.TopologyDescription;

import io.firstcome.ingress.documents.ProblemPage;
import io.firstcome.processor.topology.CouponTopology;

/** Writes the generated documents. {@link #generate()} lists them. */
public final class TopologyDocs {

    private TopologyDocs() {}

    /** @param arguments the target directory */
    public static void main(String[] arguments) throws IOException {
        Path folder = Path.of(arguments[0]);
        for (Map.Entry<String, String> document : generate().entrySet()) {
            Path file = folder.resolve(document.getKey());
            Files.createDirectories(file.getParent());
            Files.writeString(file, document.getValue());
        }
    }

    /** The text of every document by its path below the target directory. It does not depend on the machine. */
    static Map<String, String> generate() throws IOException {
        TopologyDescription description = CouponTopology.build(1, (_, _) -> {}).describe();
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

package io.firstcome.docs;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import org.apache.kafka.streams.TopologyDescription;

import io.firstcome.contract.topic.TopicSpec;
import io.firstcome.contract.topic.Topics;

/**
 * The topology as a graph.
 *
 * @param nodes in the order in which they are drawn
 * @param edges from each node to the nodes that it forwards to
 */
record TopologyGraph(List<Node> nodes, List<Edge> edges) {

    /** A node of the topology. */
    sealed interface Node {

        String name();

        /** The state stores that the node reads and writes. */
        default List<String> stores() {
            return List.of();
        }

        /** Reads a topic. */
        record Source(String name, String topic) implements Node {}

        /** Processes records. */
        record Processor(String name, List<String> stores) implements Node {}

        /** Writes to a topic. */
        record Sink(String name, String topic) implements Node {}
    }

    /** A connection from one node to the next. */
    record Edge(String from, String to) {}

    private static final List<String> TOPICS = Topics.all().stream().map(TopicSpec::name).toList();

    static TopologyGraph of(TopologyDescription description) {
        List<TopologyDescription.Node> described = description.subtopologies().stream()
                .map(TopologyDescription.Subtopology::nodes).flatMap(Collection::stream).toList();
        List<Node> nodes = described.stream().map(TopologyGraph::node)
                .sorted(Comparator.comparing(TopologyGraph::order).thenComparing(Node::name)).toList();
        List<String> names = nodes.stream().map(Node::name).toList();
        List<Edge> edges = described.stream().flatMap(node -> node.successors().stream()
                .map(next -> new Edge(node.name(), next.name())))
                .sorted(Comparator.comparing((Edge edge) -> names.indexOf(edge.from()))
                        .thenComparing(edge -> names.indexOf(edge.to())))
                .toList();
        return new TopologyGraph(nodes, edges);
    }

    private static Node node(TopologyDescription.Node described) {
        return switch (described) {
            case TopologyDescription.Source source -> new Node.Source(source.name(),
                    String.join(", ", source.topicSet()));
            case TopologyDescription.Processor processor -> new Node.Processor(processor.name(),
                    processor.stores().stream().sorted().toList());
            case TopologyDescription.Sink sink -> new Node.Sink(sink.name(), sink.topic());
            default -> throw new IllegalArgumentException("unknown node type: " + described);
        };
    }

    /** Sorts sources and sinks in the order in which {@link Topics} declares their topics. */
    private static int order(Node node) {
        return switch (node) {
            case Node.Source source -> TOPICS.indexOf(source.topic());
            case Node.Processor _ -> TOPICS.size();
            case Node.Sink sink -> TOPICS.size() + 1 + TOPICS.indexOf(sink.topic());
        };
    }

    /** The nodes by the length of the longest path from a source: the columns of the picture. */
    Map<Integer, List<Node>> layers() {
        return nodes.stream().collect(Collectors.groupingBy(node -> depth(node.name())));
    }

    private int depth(String name) {
        return edges.stream().filter(edge -> edge.to().equals(name))
                .mapToInt(edge -> depth(edge.from()) + 1).max().orElse(0);
    }
}

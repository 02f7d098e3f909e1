package io.firstcome.docs;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import io.firstcome.docs.TopologyGraph.Edge;
import io.firstcome.docs.TopologyGraph.Node;

/**
 * Draws the topology from left to right: sources, processors with their stores below them, sinks. All boxes have a
 * fixed width, so the picture does not depend on the fonts of the machine.
 */
final class SvgPicture {

    private static final int MARGIN = 32;
    private static final int BOX_WIDTH = 248;
    private static final int BOX_HEIGHT = 56;
    private static final int STORE_WIDTH = 168;
    private static final int STORE_HEIGHT = 40;
    private static final int COLUMN_STEP = BOX_WIDTH + 96;
    private static final int ROW_GAP = 28;
    private static final int STORE_GAP = 14;

    private static final String FRAME = """
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %1$d %2$d" width="%1$d" height="%2$d" role="img">
            <title>The topology: sources, processors with their stores, sinks</title>
            <style>
            %3$s</style>
            <rect class="paper" width="100%%" height="100%%" rx="12"/>
            %4$s</svg>
            """;

    private record Point(int x, int y) {}

    private final TopologyGraph graph;
    private final Map<Integer, List<Node>> layers;
    private final Map<String, Point> corners = new HashMap<>();
    private final StringBuilder shapes = new StringBuilder();
    private int bottom;

    SvgPicture(TopologyGraph graph) {
        this.graph = graph;
        this.layers = graph.layers();
    }

    String draw() throws IOException {
        int tallest = layers.values().stream().mapToInt(SvgPicture::height).max().orElse(0);
        layers.forEach((depth, nodes) -> place(nodes, MARGIN + depth * COLUMN_STEP,
                MARGIN + (tallest - height(nodes)) / 2));
        graph.edges().forEach(this::drawEdge);
        graph.nodes().forEach(this::drawNode);
        int width = 2 * MARGIN + (layers.size() - 1) * COLUMN_STEP + BOX_WIDTH;
        return String.format(Locale.ROOT, FRAME, width, bottom + MARGIN, style(), shapes);
    }

    private static String style() throws IOException {
        try (InputStream css = SvgPicture.class.getResourceAsStream("picture.css")) {
            return new String(css.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** The height of the boxes without the stores of the last one: columns are centred by their boxes. */
    private static int height(List<Node> nodes) {
        Node last = nodes.getLast();
        return nodes.stream().mapToInt(node -> block(node) + ROW_GAP).sum() - ROW_GAP - block(last) + BOX_HEIGHT;
    }

    private static int block(Node node) {
        return BOX_HEIGHT + node.stores().size() * (STORE_GAP + STORE_HEIGHT);
    }

    private void place(List<Node> nodes, int x, int top) {
        int y = top;
        for (Node node : nodes) {
            corners.put(node.name(), new Point(x, y));
            bottom = Math.max(bottom, y + block(node));
            y += block(node) + ROW_GAP;
        }
    }

    private void drawNode(Node node) {
        Point corner = corners.get(node.name());
        switch (node) {
            case Node.Source source -> drawBox(corner, "topic", BOX_HEIGHT / 2, source.topic(), source.name());
            case Node.Processor processor -> {
                drawBox(corner, "work", 8, processor.name(), "processor");
                drawStores(processor, corner);
            }
            case Node.Sink sink -> drawBox(corner, "topic", BOX_HEIGHT / 2, sink.topic(), sink.name());
        }
    }

    private void drawBox(Point corner, String kind, int rounding, String name, String detail) {
        shape("<rect class='%s' x='%d' y='%d' width='%d' height='%d' rx='%d'/>", kind, corner.x, corner.y, BOX_WIDTH,
                BOX_HEIGHT, rounding);
        label("name", corner.x + BOX_WIDTH / 2, corner.y + 25, name);
        label("detail", corner.x + BOX_WIDTH / 2, corner.y + 43, detail);
    }

    private void drawStores(Node.Processor processor, Point corner) {
        int x = corner.x + BOX_WIDTH - STORE_WIDTH;
        int spine = corner.x + (BOX_WIDTH - STORE_WIDTH) / 2;
        int top = corner.y + BOX_HEIGHT + STORE_GAP;
        for (String store : processor.stores()) {
            int middle = top + STORE_HEIGHT / 2;
            shape("<path class='edge' d='M %d %d V %d H %d'/>", spine, corner.y + BOX_HEIGHT, middle, x - 8);
            tip(x, middle);
            drawCylinder(x, top, store);
            top += STORE_HEIGHT + STORE_GAP;
        }
    }

    private void drawCylinder(int x, int top, String store) {
        shape("<path class='store' d='M %1$d %2$d v %4$d a %5$d 6 0 0 0 %3$d 0 v -%4$d a %5$d 6 0 0 0 -%3$d 0"
                + " a %5$d 6 0 0 0 %3$d 0'/>", x, top + 6, STORE_WIDTH, STORE_HEIGHT - 12, STORE_WIDTH / 2);
        label("name", x + STORE_WIDTH / 2, top + STORE_HEIGHT / 2 + 8, store);
    }

    private void drawEdge(Edge edge) {
        Point from = corners.get(edge.from());
        Point to = corners.get(edge.to());
        int startX = from.x + BOX_WIDTH;
        int startY = from.y + BOX_HEIGHT / 2;
        int endY = to.y + BOX_HEIGHT / 2;
        int middleX = (startX + to.x) / 2;
        shape("<path class='edge' d='M %d %d C %d %d %d %d %d %d'/>", startX, startY, middleX, startY, middleX, endY,
                to.x - 8, endY);
        tip(to.x, endY);
    }

    private void tip(int x, int y) {
        shape("<path class='tip' d='M %d %d l -9 -5 v 10 z'/>", x, y);
    }

    private void label(String kind, int x, int y, String text) {
        shape("<text class='%s' x='%d' y='%d'>%s</text>", kind, x, y, text);
    }

    private void shape(String format, Object... values) {
        shapes.append(String.format(Locale.ROOT, format, values)).append('\n');
    }
}

package io.firstcome.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

import io.firstcome.contract.CouponCommand;
import io.firstcome.contract.CouponOutcome;

class TopologyDocsTest {

    private static final Path COMMITTED = Path.of("..", "docs");
    private static final String REMEDY = "%s differs from the code. If the change of the code is intended,"
            + " run: mvn -q -pl topology-docs -am -Pwrite-docs process-classes";

    @TestFactory
    List<DynamicTest> shouldMatchTheCommittedDocumentation() throws IOException {
        return TopologyDocs.generate().entrySet().stream()
                .map(document -> DynamicTest.dynamicTest(document.getKey(), () -> assertCommitted(document)))
                .toList();
    }

    private static void assertCommitted(Map.Entry<String, String> document) throws IOException {
        Path file = COMMITTED.resolve(document.getKey());
        String committed = Files.exists(file) ? Files.readString(file) : "";
        assertThat(committed).as(REMEDY, document.getKey()).isEqualTo(document.getValue());
    }

    @Test
    void shouldWriteWhatItGenerates(@TempDir Path folder) throws IOException {
        // when
        TopologyDocs.main(new String[]{folder.toString()});

        // then
        for (Map.Entry<String, String> document : TopologyDocs.generate().entrySet()) {
            assertThat(folder.resolve(document.getKey())).hasContent(document.getValue());
        }
    }

    @Test
    void shouldShowAnExampleOfEveryCommandAndOutcome() {
        // when
        Stream<Class<?>> commands = Examples.COMMANDS.stream().<Class<?>>map(Object::getClass).distinct();
        Stream<Class<?>> outcomes = Examples.OUTCOMES.stream().<Class<?>>map(Object::getClass).distinct();

        // then
        assertThat(commands).containsExactlyInAnyOrder(CouponCommand.class.getPermittedSubclasses());
        assertThat(outcomes).containsExactlyInAnyOrder(CouponOutcome.class.getPermittedSubclasses());
    }

    @Test
    void shouldDrawTheStoresOfEveryProcessor() throws IOException {
        // given
        TopologyGraph graph = new TopologyGraph(List.of(
                new TopologyGraph.Node.Source("read", "in"),
                new TopologyGraph.Node.Processor("first", List.of("one", "two")),
                new TopologyGraph.Node.Processor("second", List.of("three"))),
                List.of(new TopologyGraph.Edge("read", "first"), new TopologyGraph.Edge("first", "second")));

        // when
        String picture = new SvgPicture(graph).draw();

        // then
        assertThat(graph.layers().keySet()).containsExactly(0, 1, 2);
        assertThat(Arrays.asList("in", "first", "second", "one", "two", "three"))
                .allSatisfy(name -> assertThat(picture).contains(">" + name + "</text>"));
    }
}

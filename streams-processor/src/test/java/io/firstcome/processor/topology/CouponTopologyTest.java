package io.firstcome.processor.topology;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;

import org.apache.kafka.streams.TopologyDescription.Processor;
import org.junit.jupiter.api.Test;

class CouponTopologyTest {

    private static final Path GOLDEN = Path.of("src/test/resources/topology.txt");

    @Test
    void shouldMatchGoldenTopology() throws IOException {
        // when
        String actual = CouponTopology.build(6, (_, _) -> {}).describe().toString();
        if (Boolean.getBoolean("topology.update")) {
            Files.writeString(GOLDEN, actual);
        }

        // then
        assertThat(actual).describedAs("""
                The topology has changed. A renamed or removed store is EMPTY after the next deployment, and the \
                authority refuses to run without it. If the change is intended and running installations have a \
                migration, update the golden text: mvn -pl streams-processor -am test -Dtest=CouponTopologyTest \
                -Dsurefire.failIfNoSpecifiedTests=false -Dtopology.update=true""")
                .isEqualTo(Files.readString(GOLDEN));
    }

    /** The changelogs of these stores are created and checked at the start. */
    @Test
    void shouldListEveryStore() {
        // when
        Set<String> stores = CouponTopology.build(6, (_, _) -> {}).describe().subtopologies().stream()
                .flatMap(subtopology -> subtopology.nodes().stream()).filter(Processor.class::isInstance)
                .flatMap(node -> ((Processor) node).stores().stream()).collect(Collectors.toSet());

        // then
        assertThat(CouponTopology.STORES).containsExactlyInAnyOrderElementsOf(stores);
    }
}

package io.firstcome.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

/** Settings come from files too, so no code reads the environment past the class that reads these files. */
class EnvironmentReadTest {

    /**
     * The other classes read no setting: {@code XDG_CACHE_HOME}, and the Redis server of the tests.
     */
    private static final Set<String> READERS = Set.of("Environment.java", "BinaryCache.java", "EmbeddedRedis.java");

    @Test
    void shouldReadTheEnvironmentInOnePlace() throws IOException {
        // when
        List<String> readers = new ArrayList<>();
        try (Stream<Path> modules = Files.list(Path.of(".."))) {
            for (Path sources : modules.map(it -> it.resolve("src/main/java")).filter(Files::isDirectory).toList()) {
                try (Stream<Path> files = Files.walk(sources)) {
                    for (Path file : files.filter(it -> it.toString().endsWith(".java")).toList()) {
                        if (Files.readString(file).contains("System.getenv(")) {
                            readers.add(file.getFileName().toString());
                        }
                    }
                }
            }
        }

        // then
        assertThat(readers).containsExactlyInAnyOrderElementsOf(READERS);
    }
}

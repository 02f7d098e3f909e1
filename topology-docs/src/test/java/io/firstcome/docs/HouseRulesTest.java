package io.firstcome.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

/** Rules of CONTRIBUTING.md that keep the code easy to read, and that no other tool checks. */
class HouseRulesTest {

    private static final Path PROJECT = Path.of("..");
    private static final int MAX_FILES = 10;
    private static final Pattern LONG_TEST_NAME = Pattern.compile("void (should\\w{54,})\\(");

    /** A reader can hold the names of a package in mind. Tests are not counted. */
    @Test
    void shouldHaveFewFilesInEachPackage() throws IOException {
        // when
        Map<Path, Integer> files = new TreeMap<>();
        for (Path source : sources("src/main/java")) {
            if (!source.endsWith("package-info.java")) {
                files.merge(source.getParent(), 1, Integer::sum);
            }
        }

        // then
        assertThat(files).hasSizeGreaterThan(50)
                .allSatisfy((folder, count) -> assertThat(count).as("%s", folder).isLessThanOrEqualTo(MAX_FILES));
    }

    @Test
    void shouldHaveTestNamesBelow60Characters() throws IOException {
        // given
        List<Path> tests = sources("src/test/java");

        // when
        List<String> longNames = new ArrayList<>();
        for (Path test : tests) {
            LONG_TEST_NAME.matcher(Files.readString(test)).results()
                    .forEach(it -> longNames.add(test.getFileName() + ": " + it.group(1)));
        }

        // then
        assertThat(tests).hasSizeGreaterThan(50);
        assertThat(longNames).isEmpty();
    }

    private static List<Path> sources(String folder) throws IOException {
        List<Path> sources = new ArrayList<>();
        try (Stream<Path> modules = Files.list(PROJECT)) {
            for (Path root : modules.map(module -> module.resolve(folder)).filter(Files::isDirectory).toList()) {
                try (Stream<Path> files = Files.walk(root)) {
                    files.filter(file -> file.toString().endsWith(".java")).forEach(sources::add);
                }
            }
        }
        return sources;
    }
}

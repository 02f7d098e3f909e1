package io.firstcome.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

/** A reader can hold the names of a package in mind. Tests are not counted. */
class SmallPackagesTest {

    private static final Path PROJECT = Path.of("..");
    private static final int MAX_FILES = 10;

    @Test
    void shouldHaveFewFilesInEachPackage() throws IOException {
        // when
        Map<Path, Integer> files = new TreeMap<>();
        for (Path sources : sourceFolders()) {
            try (Stream<Path> found = Files.walk(sources)) {
                found.filter(file -> file.toString().endsWith(".java") && !file.endsWith("package-info.java"))
                        .forEach(file -> files.merge(file.getParent(), 1, Integer::sum));
            }
        }

        // then
        assertThat(files).hasSizeGreaterThan(50)
                .allSatisfy((folder, count) -> assertThat(count).as("%s", folder).isLessThanOrEqualTo(MAX_FILES));
    }

    private static List<Path> sourceFolders() throws IOException {
        List<Path> folders = new ArrayList<>();
        try (Stream<Path> modules = Files.list(PROJECT)) {
            modules.map(module -> module.resolve("src/main/java")).filter(Files::isDirectory).forEach(folders::add);
        }
        return folders;
    }
}

package io.firstcome.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Sources and documents use plain technical English: none contains one of the words listed here. */
class PlainEnglishTest {

    private static final Path PROJECT = Path.of("..");
    private static final Pattern CHECKED = Pattern.compile(".*\\.(java|lua|md|yaml|yml)");

    /** Quote the words: this test lists them, CONTRIBUTING.md shows them as bad examples, CHANGELOG.md is history. */
    private static final Set<String> EXCLUDED = Set.of("PlainEnglishTest.java", "CONTRIBUTING.md", "CHANGELOG.md");

    static Stream<Arguments> words() {
        String actor = "name the actor, for example the user, the caller, the operator or the process";
        return Stream.of(
                arguments("whoever", actor),
                arguments("whosoever", actor),
                arguments("somebody", actor),
                arguments("anybody", actor),
                arguments("everybody", "name the group, for example all users or every instance"),
                arguments("nobody",
                        "name the actor and negate the verb, for example 'the user does not hold the coupon'"),
                arguments("lest", "is archaic: write 'so that ... not'"),
                arguments("befalls", "is archaic: name the failure"),
                arguments("thereof", "is archaic: repeat the noun"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("words")
    void shouldNotUseTheWord(String word, String reason) throws IOException {
        // given
        Pattern pattern = Pattern.compile("\\b" + word + "\\b", Pattern.CASE_INSENSITIVE);

        // when
        List<String> occurrences = occurrences(pattern);

        // then
        assertThat(occurrences).as("'%s': %s (see CONTRIBUTING.md)", word, reason).isEmpty();
    }

    private static List<String> occurrences(Pattern word) throws IOException {
        List<String> occurrences = new ArrayList<>();
        for (Path file : checkedFiles()) {
            List<String> lines = Files.readAllLines(file);
            for (int i = 0; i < lines.size(); i++) {
                if (word.matcher(lines.get(i)).find()) {
                    occurrences.add(PROJECT.relativize(file) + ":" + (i + 1) + ": " + lines.get(i).strip());
                }
            }
        }
        return occurrences;
    }

    private static List<Path> checkedFiles() throws IOException {
        List<Path> files = new ArrayList<>();
        Files.walkFileTree(PROJECT, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
                String name = directory.getFileName().toString();
                boolean isOutput = name.equals("target") || name.startsWith(".") && !directory.equals(PROJECT);
                return isOutput ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                String name = file.getFileName().toString();
                if (CHECKED.matcher(name).matches() && !EXCLUDED.contains(name)) {
                    files.add(file);
                }
                return FileVisitResult.CONTINUE;
            }
        });
        return files;
    }
}

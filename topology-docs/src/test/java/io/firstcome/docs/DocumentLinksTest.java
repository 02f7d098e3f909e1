package io.firstcome.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

/** Links between the documents lead to files and headings that exist. */
class DocumentLinksTest {

    private static final Path REPOSITORY = Path.of("..").toAbsolutePath().normalize();
    private static final Pattern LINK = Pattern.compile("\\[[^\\]]*]\\(([^)\\s]+)\\)");
    private static final Pattern HEADING = Pattern.compile("(?m)^#{1,6} (.+)$");
    private static final Pattern CODE = Pattern.compile("(?ms)^```.*?^```$|`[^`\\n]*`");

    private final Map<Path, Set<String>> anchors = new HashMap<>();

    @Test
    void shouldLeadToFilesAndHeadings() throws IOException {
        // when
        List<String> broken = new ArrayList<>();
        for (Path document : documents()) {
            LINK.matcher(CODE.matcher(Files.readString(document)).replaceAll("")).results().map(it -> it.group(1))
                    .filter(link -> !link.matches("[a-z]+:.*")).filter(link -> !leads(document, link))
                    .forEach(link -> broken.add(REPOSITORY.relativize(document) + ": " + link));
        }

        // then
        assertThat(broken).isEmpty();
    }

    /** The index of the documents leads to every page of its directory. */
    @Test
    void shouldListEveryPageInTheIndex() throws IOException {
        // given
        String index = Files.readString(REPOSITORY.resolve("docs/README.md"));

        // when
        try (Stream<Path> pages = Files.list(REPOSITORY.resolve("docs"))) {
            // then
            assertThat(pages.map(page -> page.getFileName().toString())
                    .filter(name -> name.endsWith(".md") && !name.equals("README.md")))
                    .isNotEmpty().allSatisfy(name -> assertThat(index).contains("](" + name + ")"));
        }
    }

    private boolean leads(Path document, String link) {
        String[] parts = link.split("#", 2);
        Path target = parts[0].isEmpty() ? document : document.resolveSibling(parts[0]).normalize();
        boolean isHeading = parts.length == 2 && target.toString().endsWith(".md");
        return Files.exists(target)
                && (!isHeading || anchors.computeIfAbsent(target, DocumentLinksTest::anchorsOf).contains(parts[1]));
    }

    /** The anchors that GitHub gives to headings: lower case, without punctuation, spaces as hyphens. */
    private static Set<String> anchorsOf(Path document) {
        try {
            return HEADING.matcher(Files.readString(document)).results()
                    .map(it -> it.group(1).replaceAll("\\[([^]]*)]\\([^)]*\\)", "$1").toLowerCase(Locale.ROOT)
                            .replaceAll("[^\\p{L}\\p{N}_ -]", "").replace(' ', '-'))
                    .collect(Collectors.toSet());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All Markdown files of the repository except those that a build wrote. */
    private static List<Path> documents() throws IOException {
        List<Path> roots;
        try (Stream<Path> children = Files.list(REPOSITORY)) {
            roots = children.filter(it -> !it.getFileName().toString().matches("\\..*|target")).toList();
        }
        List<Path> documents = new ArrayList<>();
        for (Path root : roots) {
            try (Stream<Path> files = Files.walk(root)) {
                files.filter(it -> it.toString().endsWith(".md") && !it.toString().contains("/target/"))
                        .forEach(documents::add);
            }
        }
        return documents;
    }
}

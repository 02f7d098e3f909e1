package io.firstcome.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;

/** No identifier of the main code has a word that docs/glossary.md lists under "Names to avoid". */
class GlossaryNamesTest {

    private static final Pattern SOURCES = Pattern.compile(".*/src/main/.*\\.(java|lua|js)");
    /** A word of an identifier in camel case, in capitals or between underscores. */
    private static final Pattern WORD = Pattern.compile("[A-Z]?[a-z]+|[A-Z]+(?![a-z])");
    private static final Pattern IDENTIFIER = Pattern.compile("[A-Za-z_]\\w*");
    private static final String STRINGS = "\"\"\"[\\s\\S]*?\"\"\"|\"(?:\\\\.|[^\"\\\\\\n])*\"|'(?:\\\\.|[^'\\\\\\n])*'";
    private static final Pattern TEXTS = Pattern.compile(STRINGS + "|//[^\\n]*|/\\*[\\s\\S]*?\\*/");
    private static final Pattern TEXTS_OF_LUA = Pattern.compile(STRINGS + "|--[^\\n]*");

    /** The memory of a machine or a process, for which the word is right. The last two are names of libraries. */
    private static final Set<String> OF_MACHINES = Set.of("memoryGib", "maxMemory", "JvmMemoryMetrics");

    @Test
    void shouldNotUseNamesToAvoid() throws IOException {
        // given
        Set<String> avoided = namesToAvoid();

        // when
        Map<String, Path> found = new TreeMap<>();
        for (Path file : ProjectFiles.find(it -> SOURCES.matcher(it.toString()).matches())) {
            Pattern texts = file.toString().endsWith(".lua") ? TEXTS_OF_LUA : TEXTS;
            String code = texts.matcher(Files.readString(file)).replaceAll(" ");
            IDENTIFIER.matcher(code).results().map(MatchResult::group)
                    .filter(it -> !OF_MACHINES.contains(it) && words(it).stream().anyMatch(avoided::contains))
                    .forEach(it -> found.put(it, file));
        }

        // then
        assertThat(avoided).hasSizeGreaterThan(5);
        assertThat(found).as("see \"Names to avoid\" in docs/glossary.md").isEmpty();
    }

    private static Set<String> namesToAvoid() throws IOException {
        String glossary = Files.readString(ProjectFiles.PROJECT.resolve("docs/glossary.md"));
        String section = glossary.substring(glossary.indexOf("## Names to avoid"));
        return Pattern.compile("(?m)^\\| `([a-z]+)` \\|").matcher(section).results().map(it -> it.group(1))
                .flatMap(it -> Arrays.stream(new String[]{it, it + "s"}))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> words(String identifier) {
        return WORD.matcher(identifier).results().map(it -> it.group().toLowerCase(Locale.ROOT))
                .collect(Collectors.toSet());
    }
}

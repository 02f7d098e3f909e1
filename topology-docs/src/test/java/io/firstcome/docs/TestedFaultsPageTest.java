package io.firstcome.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;

/** {@code docs/tested-faults.md} names tests that exist. */
class TestedFaultsPageTest {

    private static final Path PAGE = ProjectFiles.PROJECT.resolve("docs/tested-faults.md");
    private static final Pattern TEST = Pattern.compile("`(\\w+Test)#(\\w+)`");

    @Test
    void shouldNameTestsThatExist() throws IOException {
        // given
        List<MatchResult> named = TEST.matcher(Files.readString(PAGE)).results().toList();

        // when
        List<Path> sources = ProjectFiles.find(it -> it.toString().endsWith("Test.java"));

        // then
        assertThat(named).hasSizeGreaterThan(30).allSatisfy(test -> assertThat(sources)
                .filteredOn(it -> it.endsWith(test.group(1) + ".java")).as(test.group()).isNotEmpty()
                .anySatisfy(it -> assertThat(it).content().contains("void " + test.group(2) + "(")));
    }
}

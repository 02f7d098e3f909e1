package io.firstcome.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;

import org.junit.jupiter.api.Test;

/** The formatter breaks code, but leaves long texts and comments as they are. Static imports cannot be broken. */
class LineLengthTest {

    /** {@code max_line_length} of .editorconfig. */
    private static final int MAX = 120;

    @Test
    void shouldHaveShortLines() throws IOException {
        // when
        List<ProjectFiles.Line> lines = ProjectFiles.lines(file -> file.toString().endsWith(".java"));

        // then
        assertThat(lines).filteredOn(it -> it.text().codePointCount(0, it.text().length()) > MAX)
                .filteredOn(it -> !it.text().startsWith("import static ")).isEmpty();
    }
}

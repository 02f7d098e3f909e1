package io.firstcome.bench.report;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The part of a page that a run writes.
 *
 * @param begin the line before it
 * @param end the line after it
 */
record GeneratedSection(String begin, String end) {

    /**
     * Replaces everything between the two lines.
     *
     * @throws IllegalStateException when the page does not contain the lines
     */
    void write(Path page, String text) throws IOException {
        String old = Files.readString(page, UTF_8);
        int from = old.indexOf(begin);
        int to = old.indexOf(end);
        if (from < 0 || to < from) {
            throw new IllegalStateException(
                    page.getFileName() + " does not contain the lines '" + begin + "' and '" + end + "'");
        }
        Files.writeString(page, old.substring(0, from + begin.length()) + "\n" + text + old.substring(to), UTF_8);
    }
}

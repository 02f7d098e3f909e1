package io.firstcome.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

/** A reader of a decision learns there, and in the index, which later decision changed it. */
class DecisionRecordsTest {

    private static final Path RECORDS = Path.of("..", "docs", "adr");
    private static final Pattern STATUS = Pattern
            .compile("(?s)\\A# \\d{4}: [^\\n]+\\n\\n\\*\\*Status:\\*\\* ((?:accepted|superseded).*?)\\n\\n");
    private static final Pattern NUMBER = Pattern.compile("\\[(\\d{4})]");
    /** A row of the index: number, title, status. */
    private static final Pattern ROW = Pattern.compile("(?m)^\\| \\[(\\d{4})]\\([^)]+\\) \\| [^|]+ \\| ([^|]+) \\|");

    @Test
    void shouldNameLaterDecisionsInTheStatusOfEarlierOnes() throws IOException {
        // given
        Map<String, String> statuses = statuses();

        // when
        List<String> silent = new ArrayList<>();
        statuses.forEach((number, status) -> numbers(status).filter(earlier -> earlier.compareTo(number) < 0)
                .filter(earlier -> !statuses.get(earlier).contains("[" + number + "]"))
                .forEach(earlier -> silent.add(earlier + " does not name " + number)));

        // then
        assertThat(silent).isEmpty();
    }

    @Test
    void shouldListEveryDecisionWithItsStatus() throws IOException {
        // given
        Map<String, String> rows = new TreeMap<>();
        ROW.matcher(Files.readString(RECORDS.resolve("README.md"))).results()
                .forEach(row -> rows.put(row.group(1), row.group(2)));

        // when
        Map<String, String> statuses = statuses();
        List<String> missing = new ArrayList<>();
        statuses.forEach((number, status) -> numbers(status).filter(later -> later.compareTo(number) > 0)
                .filter(later -> !rows.getOrDefault(number, "").contains(later))
                .forEach(later -> missing.add(later + " is not in the row of " + number)));

        // then
        assertThat(rows).containsOnlyKeys(statuses.keySet());
        assertThat(missing).isEmpty();
    }

    private static Stream<String> numbers(String status) {
        return NUMBER.matcher(status).results().map(it -> it.group(1));
    }

    /** The status of each decision, by its number. */
    private static Map<String, String> statuses() throws IOException {
        Map<String, String> statuses = new TreeMap<>();
        try (Stream<Path> files = Files.list(RECORDS)) {
            for (Path file : files.filter(it -> it.getFileName().toString().matches("\\d{4}-.*\\.md")).toList()) {
                Matcher status = STATUS.matcher(Files.readString(file));
                assertThat(status.find()).as("status of %s", file).isTrue();
                statuses.put(file.getFileName().toString().substring(0, 4), status.group(1));
            }
        }
        assertThat(statuses).isNotEmpty();
        return statuses;
    }
}

package io.firstcome.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Sources and documents use plain technical English: none contains one of the words listed here. */
class PlainEnglishTest {

    private static final Pattern CHECKED = Pattern.compile(".*\\.(java|lua|js|html|svg|sql|xml|md|yaml|yml)");

    /** These quote the words: this test lists them, and CONTRIBUTING.md shows them as bad examples. */
    private static final Set<String> EXCLUDED = Set.of("PlainEnglishTest.java", "CONTRIBUTING.md");

    static Stream<Arguments> words() {
        String actor = "name the actor, for example the user, the caller, the operator or the process";
        String group = "name the group, for example all users or every instance";
        String none = "name the actor and negate the verb, for example 'the user does not hold the coupon'";
        String any = "name the thing, or write 'all that', 'what', 'no matter what', 'no matter which'";
        return Stream.of(
                arguments("whoever", actor),
                arguments("whosoever", actor),
                arguments("somebody", actor),
                arguments("someone", actor),
                arguments("anybody", actor),
                arguments("anyone", actor),
                arguments("everybody", group),
                arguments("everyone", group),
                arguments("nobody", none),
                arguments("no one", none),
                arguments("whatever", any),
                arguments("whichever", any),
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
        List<ProjectFiles.Line> occurrences = ProjectFiles.lines(PlainEnglishTest::isChecked).stream()
                .filter(line -> pattern.matcher(line.text()).find()).toList();

        // then
        assertThat(occurrences).as("'%s': %s (see CONTRIBUTING.md)", word, reason).isEmpty();
    }

    private static boolean isChecked(Path file) {
        String name = file.getFileName().toString();
        return CHECKED.matcher(name).matches() && !EXCLUDED.contains(name);
    }
}

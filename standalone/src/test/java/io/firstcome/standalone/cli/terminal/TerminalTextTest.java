package io.firstcome.standalone.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Instant;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import picocli.CommandLine.TypeConversionException;

class TerminalTextTest {

    private static final Instant NOW = Instant.parse("2026-11-29T12:00:00.123456Z");

    @Test
    void shouldAlignColumnsAlsoWithWideCharacters() {
        // when
        String text = new Table("name", ">stock", "state").row("환영", 5, "ACTIVE").row("tea", "1,000", "").text();

        // then
        assertThat(text.lines()).containsExactly("name  stock  state", "환영      5  ACTIVE", "tea   1,000");
    }

    @Test
    void shouldReplaceCharactersThatDriveTheTerminal() {
        // when
        String text = new Table("name").row("a\u001b[2Jb\nc").text();

        // then
        assertThat(text.lines()).containsExactly("name", "a?[2Jb?c");
    }

    @ParameterizedTest
    @CsvSource({"data,/home/mina/data", "/srv/data,/srv/data", ".firstcome,.firstcome"})
    void shouldReadADataDirectoryFromWhereTheUserIs(String text, Path expected) {
        // when
        Path read = new CallerDirectory.Converter(Path.of("/home/mina")).convert(text);

        // then
        assertThat(read).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"now,2026-11-29T12:00:00.123Z", "+90s,2026-11-29T12:01:30.123Z", "+2h,2026-11-29T14:00:00.123Z",
        "+7d,2026-12-06T12:00:00.123Z", "2027-01-31T09:00:00Z,2027-01-31T09:00:00Z"})
    void shouldReadTimes(String text, Instant expected) {
        // when
        UtcTime time = new UtcTime.Converter().convert(text);

        // then
        assertThat(time.from(NOW)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "tomorrow", "+5", "-5m", "2027-01-31", "2027-01-31T09:00:00"})
    void shouldRejectOtherTimes(String text) {
        assertThatThrownBy(() -> new UtcTime.Converter().convert(text)).isInstanceOf(TypeConversionException.class)
                .hasMessageContaining("+10m");
    }
}

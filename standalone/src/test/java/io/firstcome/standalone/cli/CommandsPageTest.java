package io.firstcome.standalone.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;

import picocli.CommandLine;

/** {@code docs/operations.md} lists every command, and no other. */
class CommandsPageTest {

    private static final Path PAGE = Path.of("..", "docs", "operations.md");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| (`[^|]+) \\|");
    private static final Pattern COMMAND = Pattern.compile("`([a-z-]+)");

    @Test
    void shouldListEveryCommand() throws IOException {
        // given
        Map<String, CommandLine> commands = FirstCome.commandLine().getSubcommands();
        Set<String> expected = new TreeSet<>(commands.keySet());
        expected.addAll(commands.get("coupon").getSubcommands().keySet());
        expected.remove("help");

        // when
        String page = Files.readString(PAGE);
        String table = page.substring(page.indexOf("| command | what it does |"), page.indexOf("**Which system.**"));
        Set<String> listed = new TreeSet<>();
        ROW.matcher(table).results().flatMap(row -> COMMAND.matcher(row.group(1)).results())
                .forEach(it -> listed.add(it.group(1)));

        // then
        assertThat(listed).isEqualTo(expected);
    }
}

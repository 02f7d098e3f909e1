package io.firstcome.standalone.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.firstcome.standalone.cli.terminal.CallerDirectory;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** Help and completion come from the commands, so a new command or option cannot be forgotten. */
class CommandsTest {

    /** Commands whose output is no result: a script, a page, or the log of a service. */
    private static final Set<String> WITHOUT_JSON = Set.of("help", "completion", "bench", "run");

    @TempDir
    private Path directory;

    @Test
    void shouldOfferJsonForEveryResult() {
        // when
        List<String> without = leaves(FirstCome.commandLine())
                .filter(command -> !WITHOUT_JSON.contains(command.getCommandName()))
                .filter(command -> command.getCommandSpec().findOption("--json") == null)
                .map(command -> command.getCommandSpec().qualifiedName()).toList();

        // then
        assertThat(without).isEmpty();
    }

    @Test
    void shouldDescribeEveryCommandAndOption() {
        // when
        List<String> undescribed = all(FirstCome.commandLine()).flatMap(command -> Stream.concat(
                command.getCommandSpec().usageMessage().description().length == 0
                        ? Stream.of(command.getCommandSpec().qualifiedName())
                        : Stream.empty(),
                command.getCommandSpec().options().stream().filter(option -> option.description().length == 0)
                        .map(option -> command.getCommandSpec().qualifiedName() + " " + option.longestName())))
                .toList();

        // then
        assertThat(undescribed).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"operations.md", "ko/operations.md"})
    void shouldListEveryCommandInTheOperatingGuide(String page) throws IOException {
        // given
        String guide = Files.readString(Path.of("..", "docs").resolve(page));

        // when
        Set<String> commands = FirstCome.commandLine().getSubcommands().keySet();

        // then
        assertThat(commands).hasSizeGreaterThan(10).filteredOn(name -> !name.equals("help"))
                .allSatisfy(name -> assertThat(guide).containsPattern("(?m)^\\| [^|]*`" + name + "[ `]"));
    }

    /** The arguments of a process are visible to every user of the machine. */
    @Test
    void shouldTakeNoTokenOrPasswordAsAnArgument() {
        // when
        List<String> secrets = all(FirstCome.commandLine())
                .flatMap(command -> command.getCommandSpec().options().stream()).map(OptionSpec::longestName)
                .filter(name -> name.matches(".*(token|password|secret)$")).toList();

        // then
        assertThat(secrets).isEmpty();
    }

    /** The script changes to the directory of the project before it starts Java. */
    @Test
    void shouldTakeADataDirectoryFromWhereTheUserIs() {
        // when
        List<OptionSpec> options = all(FirstCome.commandLine())
                .flatMap(command -> command.getCommandSpec().options().stream())
                .filter(option -> option.longestName().equals("--data-dir")).toList();

        // then
        assertThat(options).hasSizeGreaterThan(5).allSatisfy(option -> assertThat(option.converters())
                .hasOnlyElementsOfType(CallerDirectory.Converter.class).hasSize(1));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"firstcome '' | up demo status coupon claim check dlq run completion help",
        "firstcome coupon '' | create list show pause resume restock close archive revoke",
        "firstcome coupon create welcome --st | --stock", "firstcome check --ex | --export",
        "firstcome run '' | ingress processor sink"})
    void shouldCompleteCommandsAndOptionsInBash(String words, String expected) throws Exception {
        // given
        Path script = Files.writeString(directory.resolve("completion"),
                AutoComplete.bash("firstcome", FirstCome.commandLine()));
        String call = "source " + script + "; COMP_WORDS=(" + words + "); COMP_CWORD=$((${#COMP_WORDS[@]} - 1));"
                + " _complete_firstcome; echo \"${COMPREPLY[@]}\"";

        // when
        Process bash = new ProcessBuilder("bash", "-c", call).redirectErrorStream(true).start();
        String printed = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        // then
        assertThat(printed.strip().split("\\s+")).contains(expected.split(" "));
    }

    @Test
    void shouldHaveNoPackageOfMoreThanTenFiles() throws IOException {
        // when
        Map<Path, Long> filesByPackage;
        try (Stream<Path> files = Files.walk(Path.of("src", "main", "java"))) {
            filesByPackage = files
                    .filter(file -> file.toString().endsWith(".java") && !file.endsWith("package-info.java"))
                    .collect(Collectors.groupingBy(Path::getParent, Collectors.counting()));
        }

        // then
        assertThat(filesByPackage).isNotEmpty().allSatisfy((_, count) -> assertThat(count).isLessThanOrEqualTo(10));
    }

    private static Stream<CommandLine> all(CommandLine command) {
        return Stream.concat(Stream.of(command),
                command.getSubcommands().values().stream().distinct().flatMap(CommandsTest::all));
    }

    private static Stream<CommandLine> leaves(CommandLine root) {
        return all(root).filter(command -> command.getSubcommands().isEmpty());
    }
}

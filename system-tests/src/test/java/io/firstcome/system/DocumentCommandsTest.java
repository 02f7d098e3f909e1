package io.firstcome.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.firstcome.standalone.stack.Endpoints;
import io.firstcome.standalone.stack.Ports;
import io.firstcome.standalone.stack.Stack;
import io.firstcome.standalone.stack.StackOptions;
import io.firstcome.system.CommandBlock.Command;

/**
 * The commands of the documents do what the documents show. They have a stack of their own, because some commands show
 * or check all coupons. Each document uses coupons of its own.
 */
class DocumentCommandsTest {

    private static final Path REPOSITORY = Path.of("..");
    /** A check may wait for half a minute until the parts have read the log. */
    private static final Duration TIMEOUT = Duration.ofMinutes(3);

    private static Path data;
    private static Stack stack;
    private static Endpoints endpoints;

    @TempDir
    private Path directory;

    @BeforeAll
    static void startStack() throws IOException, InterruptedException {
        data = Files.createTempDirectory("firstcome-documents-");
        stack = new Stack(StackOptions.embedded(data, Ports.free()), (_, _, _) -> {});
        endpoints = stack.start();
    }

    @AfterAll
    static void stopStack() {
        stack.discard();
    }

    static Stream<String> documentsWithCommands() throws IOException {
        try (Stream<Path> pages = Files.walk(REPOSITORY.resolve("docs"))) {
            // The README comes first, because its outputs count the coupons of a new system.
            List<Path> english = Stream.concat(Stream.of(REPOSITORY.resolve("README.md")), pages.sorted())
                    .filter(page -> page.toString().endsWith(".md") && !page.startsWith(REPOSITORY.resolve("docs/ko")))
                    .toList();
            return english.stream().map(page -> REPOSITORY.relativize(page).toString())
                    .filter(page -> blocks(page).stream().anyMatch(DocumentCommandsTest::isRunHere)).toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("documentsWithCommands")
    void shouldDoWhatTheDocumentShows(String document) throws IOException {
        // given
        Files.createSymbolicLink(directory.resolve(".firstcome"), data);
        CommandLine.writeScriptTo(directory);
        List<Command> commands = blocks(document).stream().filter(DocumentCommandsTest::isRunHere)
                .flatMap(block -> block.commands().stream()).toList();

        try (var shell = new ShellSession(directory)) {
            for (Command command : commands) {
                // when, then
                if (command.isQuery()) {
                    await().atMost(TIMEOUT).untilAsserted(() -> assertPrinted(command, shell));
                } else {
                    assertPrinted(command, shell);
                }
            }
        }
    }

    private static void assertPrinted(Command command, ShellSession shell) throws IOException {
        String text = command.text().replace("localhost:8080", authority(endpoints.http()))
                .replace("localhost:8081", authority(endpoints.admin()));
        ShellSession.Printed printed = shell.execute(command.isInterrupted() ? "timeout 2 " + text : text);
        assertThat(printed.exitCode()).as("%s%n%s", text, printed.lines()).isEqualTo(command.isInterrupted() ? 124 : 0);
        if (!command.output().isEmpty()) {
            assertThat(printed.lines().stream().map(DocumentCommandsTest::comparable)).as(text)
                    .containsExactlyElementsOf(
                            command.output().stream().map(DocumentCommandsTest::comparable).toList());
        }
    }

    /** The line with the values that differ from run to run replaced by their names. */
    private static String comparable(String line) {
        return line.replaceAll("\\d{4}-\\d{2}-\\d{2}T[0-9:.]+Z", "TIME").replaceAll("^Date: .*", "Date: TIME")
                .replaceAll("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "UUID")
                .replaceAll("^(retry|id): \\d+", "$1: NUMBER").replaceAll("\"host\":\"[^\"]+\"", "\"host\":HOST")
                .replaceAll("r=\\d+;t=\\d+", "r=NUMBER;t=NUMBER").replaceAll("127\\.0\\.0\\.1:\\d+", "ADDRESS")
                .replaceAll("in [0-9.]+ m?s$", "in DURATION").replaceAll(" {2,}", "  ");
    }

    /** The test above, a script or another test runs each block, so that a wrong command is noticed. */
    @ParameterizedTest
    @ValueSource(strings = {"README.md", "README.ko.md", "docs/quick-start.md", "docs/ko/quick-start.md",
        "docs/clients.md", "docs/clients/README.md"})
    void shouldSayWhoRunsEachBlock(String document) throws IOException {
        // when
        List<CommandBlock> blocks = blocks(document);

        // then
        assertThat(blocks).isNotEmpty().noneMatch(block -> block.runner().isEmpty());
        for (CommandBlock block : blocks) {
            if (!isRunHere(block)) {
                for (Command command : block.commands()) {
                    assertThat(isRunBy(block.runner(), command)).as("%s runs %s", block.runner(), command).isTrue();
                }
            }
        }
    }

    /**
     * Whether a script has all words of the command in one line, in their order; or whether a test has the subcommand
     * or the file that the program is called with.
     */
    private static boolean isRunBy(String runner, Command command) throws IOException {
        List<String> words = List.of(command.text().replaceFirst("\\s*#.*", "").split(" "));
        String text = Files.readString(REPOSITORY.resolve(runner));
        if (runner.endsWith(".java")) {
            return text.contains('"' + Path.of(words.get(1)).getFileName().toString() + '"');
        }
        String inOrder = words.stream().map(Pattern::quote).collect(Collectors.joining("\\b.*\\b"));
        return Pattern.compile(inOrder).matcher(text).find();
    }

    @ParameterizedTest
    @CsvSource({"README.md, README.ko.md", "docs/quick-start.md, docs/ko/quick-start.md"})
    void shouldShowTheSameCommandsInKorean(String english, String korean) throws IOException {
        assertThat(blocks(korean)).isEqualTo(blocks(english));
    }

    @Test
    void shouldFindTheDocumentsWithCommands() throws IOException {
        assertThat(documentsWithCommands()).contains("README.md", "docs/quick-start.md");
    }

    private static boolean isRunHere(CommandBlock block) {
        return block.runner().equals(CommandBlock.THIS_TEST);
    }

    private static List<CommandBlock> blocks(String document) {
        try {
            return CommandBlock.of(Files.readString(REPOSITORY.resolve(document)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String authority(String url) {
        return URI.create(url).getAuthority();
    }
}

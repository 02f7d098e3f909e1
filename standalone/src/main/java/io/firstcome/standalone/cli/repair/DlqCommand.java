package io.firstcome.standalone.cli.repair;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.firstcome.contract.json.Json;
import io.firstcome.contract.topic.DeadLetterTopic;
import io.firstcome.standalone.cli.cluster.ClusterArguments;
import io.firstcome.standalone.cli.terminal.ExitCode;
import io.firstcome.standalone.cli.terminal.JsonOption;
import io.firstcome.standalone.deadletters.DeadLetters;
import io.firstcome.standalone.deadletters.Letter;
import io.firstcome.standalone.deadletters.LetterId;
import io.firstcome.standalone.deadletters.LetterId.LetterTopic;
import io.firstcome.standalone.deadletters.ReplayResult;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Works with dead letters. Exit code 1: a letter was not found, not replayed or not dropped. */
@Command(name = "dlq", header = "List, show, replay and drop dead letters.",
        description = "What they are, and when to do what: docs/operations.md, Dead letters.",
        mixinStandardHelpOptions = true, sortOptions = false, subcommands = {DlqCommand.ListCommand.class,
            DlqCommand.ShowCommand.class, DlqCommand.ReplayCommand.class, DlqCommand.DropCommand.class,
            HelpCommand.class})
public final class DlqCommand implements Callable<Integer> {

    private static final String IDS = "Letters, as dlq list prints them: commands/0:17. The topic may be left out.";

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        throw new ParameterException(spec.commandLine(), "say what to do: list, show, replay or drop");
    }

    /** The options that choose letters. */
    private static final class Filter {

        @Option(names = "--topic", paramLabel = "commands|outcomes",
                description = "Only the letters of coupon-commands-dlq or coupon-outcomes-dlq.")
        private Optional<LetterTopic> topic;

        @Option(names = "--coupon", paramLabel = "ID", description = "Only the letters of one coupon.")
        private Optional<String> coupon;

        private List<DeadLetterTopic> topics() {
            return topic.map(Stream::of).orElseGet(() -> Stream.of(LetterTopic.values())).map(LetterTopic::topic)
                    .toList();
        }

        private boolean matches(Letter letter) {
            return coupon.isEmpty() || letter.couponId().map(Object::toString).equals(coupon);
        }
    }

    @Command(name = "list", description = "List the letters that are neither replayed nor dropped.",
            mixinStandardHelpOptions = true, sortOptions = false)
    static final class ListCommand implements Callable<Integer> {

        @Mixin
        private ClusterArguments cluster;

        @Mixin
        private Filter filter;

        @Option(names = "--all", description = "Also list letters that were replayed or dropped.")
        private boolean all;

        @Option(names = "--json", description = "Print one JSON object a line.")
        private boolean json;

        @Override
        public Integer call() {
            try (var letters = new DeadLetters(cluster.kafka())) {
                List<Letter> shown = letters.letters(filter.topics()).stream().filter(filter::matches)
                        .filter(letter -> all || letter.mark().isEmpty()).toList();
                shown.forEach(letter -> System.out.println(
                        json ? LetterText.json(letter, false) : LetterText.summary(letter)));
                if (!json) {
                    long open = shown.stream().filter(letter -> letter.mark().isEmpty()).count();
                    System.out.println(open == 0
                            ? "no open letters"
                            : "%d open letters; ./firstcome dlq show, replay or drop".formatted(open));
                }
            }
            return 0;
        }
    }

    @Command(name = "show", description = "Show a whole letter.", mixinStandardHelpOptions = true, sortOptions = false)
    static final class ShowCommand implements Callable<Integer> {

        @Mixin
        private ClusterArguments cluster;

        @Option(names = "--json", description = "Print a JSON object.")
        private boolean json;

        @Parameters(paramLabel = "LETTER", description = IDS)
        private String id;

        @Spec
        private CommandSpec spec;

        @Override
        public Integer call() {
            try (var letters = new DeadLetters(cluster.kafka())) {
                LetterId wanted = resolve(spec, letters, List.of(id)).getFirst();
                Optional<Letter> found = letters.letters(List.of(wanted.topic())).stream()
                        .filter(letter -> letter.id().equals(wanted)).findAny();
                if (found.isEmpty()) {
                    System.err.println("firstcome: there is no letter " + wanted + "; it may have expired");
                    return 1;
                }
                System.out.println(json ? LetterText.json(found.get(), true) : LetterText.whole(found.get()));
                return 0;
            }
        }
    }

    @Command(name = "replay", mixinStandardHelpOptions = true, sortOptions = false,
            description = "Replay letters: a command is appended to coupon-commands and decided now, an outcome is"
                    + " stored in MySQL. A command is replayed once; storing an outcome again changes nothing.")
    static final class ReplayCommand implements Callable<Integer> {

        @Mixin
        private ClusterArguments cluster;

        @Mixin
        private Filter filter;

        @Option(names = "--all", description = "All open letters, or those that --topic and --coupon choose.")
        private boolean all;

        @Mixin
        private JsonOption json;

        @Parameters(paramLabel = "LETTER", arity = "0..*", description = IDS)
        private List<String> ids = new ArrayList<>();

        @Spec
        private CommandSpec spec;

        @Override
        public Integer call() {
            if (all == !ids.isEmpty()) {
                throw new ParameterException(spec.commandLine(), "name letters, or all open ones with --all");
            }
            try (var letters = new DeadLetters(cluster.kafka())) {
                List<LetterId> chosen = all
                        ? letters.letters(filter.topics()).stream().filter(letter -> letter.mark().isEmpty())
                                .filter(filter::matches).map(Letter::id).toList()
                        : resolve(spec, letters, ids);
                return report(chosen.isEmpty() ? Map.of() : letters.replay(chosen, cluster::database), json);
            }
        }
    }

    @Command(name = "drop", mixinStandardHelpOptions = true, sortOptions = false,
            description = "Mark letters that need nothing, with the reason. The records stay until they expire.")
    static final class DropCommand implements Callable<Integer> {

        @Mixin
        private ClusterArguments cluster;

        @Option(names = "--reason", paramLabel = "TEXT", required = true, description = "Why, for other operators.")
        private String reason;

        @Mixin
        private JsonOption json;

        @Parameters(paramLabel = "LETTER", arity = "1..*", description = IDS)
        private List<String> ids;

        @Spec
        private CommandSpec spec;

        @Override
        public Integer call() {
            try (var letters = new DeadLetters(cluster.kafka())) {
                return report(letters.drop(resolve(spec, letters, ids), reason), json);
            }
        }
    }

    /** Prints what became of letters, and returns the exit code. */
    private static int report(Map<LetterId, ReplayResult> results, JsonOption json) {
        long done = results.values().stream().filter(ReplayResult.Replayed.class::isInstance).count();
        if (json.isSet()) {
            ArrayNode all = Json.mapper().createArrayNode();
            results.forEach((id, result) -> {
                ObjectNode letter = all.addObject().put("id", id.toString());
                switch (result) {
                    case ReplayResult.Replayed(String note) -> letter.put("done", true).put("note", note);
                    case ReplayResult.Refused(String why) -> letter.put("done", false).put("note", why);
                }
            });
            JsonOption.print(all);
        } else {
            results.forEach((id, result) -> System.out.println(switch (result) {
                case ReplayResult.Replayed(String note) -> id + "  " + note;
                case ReplayResult.Refused(String why) -> id + "  NOT DONE: " + why;
            }));
            System.out.printf("%d of %d letters done%n", done, results.size());
        }
        return done == results.size() ? ExitCode.OK : ExitCode.NO;
    }

    /** The ids that texts mean. A text without a topic means the only letter at that place. */
    private static List<LetterId> resolve(CommandSpec spec, DeadLetters letters, Collection<String> texts) {
        List<LetterId> ids = new ArrayList<>();
        for (String text : texts) {
            List<LetterId> candidates = LetterId.parse(text);
            if (candidates.isEmpty()) {
                throw new ParameterException(spec.commandLine(),
                        "'" + text + "' is no letter, such as commands/0:17 or 0:17");
            }
            if (candidates.size() > 1) {
                Set<LetterId> existing = letters.letters(candidates.stream().map(LetterId::topic).toList()).stream()
                        .map(Letter::id).filter(candidates::contains).collect(Collectors.toSet());
                if (existing.size() > 1) {
                    throw new ParameterException(spec.commandLine(), "'" + text + "' is in both topics: write commands/"
                            + text + " or outcomes/" + text);
                }
                candidates = existing.isEmpty() ? candidates : List.copyOf(existing);
            }
            ids.add(candidates.getFirst());
        }
        return ids;
    }
}

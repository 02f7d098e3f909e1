package io.firstcome.bench.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

import io.firstcome.bench.attack.Attack;
import io.firstcome.bench.limit.BareJavalin;
import io.firstcome.bench.report.BenchResult;
import io.firstcome.bench.report.Figure;
import io.firstcome.bench.report.PerformancePage;
import io.firstcome.bench.report.ProtectionPage;
import io.firstcome.bench.report.Tables;
import io.firstcome.bench.round.Scale;
import io.firstcome.bench.run.AttackBench;
import io.firstcome.bench.run.BenchOptions;
import io.firstcome.bench.run.BenchRun;
import io.firstcome.bench.system.FirstComeBuild;
import io.firstcome.standalone.plan.CapacityPage;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Measures this system, its rivals and the limits of the machine side by side. */
@Command(name = "firstcome bench", description = "Measure this system, its rivals and the limits of this machine.",
        mixinStandardHelpOptions = true, sortOptions = false)
public final class BenchCommand implements Callable<Integer> {

    private static final String SALE = "5000x500";
    private static final String FIRSTCOME = "firstcome";
    private static final String ALL_ATTACKS = "all";
    private static final Scale ATTACK_SCALE = new Scale(2, Duration.ofSeconds(8), Duration.ZERO, 1);
    private static final Scale QUICK_ATTACK_SCALE = new Scale(1, Duration.ofSeconds(5), Duration.ZERO, 1);

    @Spec
    private CommandSpec spec;

    @Option(names = "--quick", description = "Fewer and shorter rounds, and smaller sales.")
    private boolean quick;

    @Option(names = "--only", split = ",", paramLabel = "ID",
            description = "Run only these workloads, for example e,accepted,idle.")
    private Set<String> only = Set.of();

    @Option(names = "--compare", paramLabel = "USERSxSTOCK",
            description = "Run only the flash sale (a) with these numbers, against all rivals.")
    private Optional<String> compare;

    @Option(names = "--attack", arity = "0..1", fallbackValue = ALL_ATTACKS, paramLabel = "KIND,…",
            description = "Measure only what good callers see of a bad caller with 1,000 connections. Without KIND: all"
                    + " attacks. Defaults: 2 rounds of 8 seconds.")
    private Optional<String> attack;

    @Option(names = "--rounds", paramLabel = "N", description = "Measured rounds of each system and workload.")
    private Optional<Integer> rounds;

    @Option(names = "--seconds", paramLabel = "N", description = "Duration of one closed or open loop.")
    private Optional<Integer> seconds;

    @Option(names = "--no-rivals", description = "Leave the rivals out.")
    private boolean noRivals;

    @Option(names = "--build", paramLabel = "NAME=LOCATION",
            description = "A build to measure; may be repeated. LOCATION is a project directory or a class path."
                    + " Default: this build.")
    private Map<String, String> builds = new LinkedHashMap<>();

    @Option(names = "--jvm-option", paramLabel = "OPTION",
            description = "An option of the JVM of builds that are given as class paths; may be repeated.")
    private List<String> jvmOptions = List.of("-Xms256m", "-Xmx2g", "-XX:+UseCompactObjectHeaders");

    @Option(names = "--kafka", paramLabel = "HOST:PORT",
            description = "Use this Kafka cluster; leaves the cold sale and (i) out.")
    private Optional<String> kafka;

    @Option(names = "--redis", paramLabel = "URI", description = "Use this Redis.")
    private Optional<String> redis;

    @Option(names = "--jdbc-url", paramLabel = "URL", description = "Use this MySQL or MariaDB database.")
    private Optional<String> jdbcUrl;

    @Option(names = "--no-pin", description = "Do not pin the load generator to one processor.")
    private boolean noPin;

    @Option(names = "--out", paramLabel = "FILE", defaultValue = "benchmarks/target/bench.json",
            description = "The file for all figures as JSON (${DEFAULT-VALUE}).")
    private Path out;

    @Option(names = "--write-docs",
            description = "Write the figures into docs: performance.md with its plots, performance.json, capacity.md.")
    private boolean writeDocs;

    @Option(names = "--docs-from", paramLabel = "FILE",
            description = "Measure nothing: write the docs from the figures of an earlier run.")
    private Optional<Path> docsFrom;

    /** Runs the command and exits with its code. */
    public static void main(String[] arguments) {
        System.exit(new CommandLine(new BenchCommand()).execute(arguments));
    }

    @Override
    public Integer call() throws Exception {
        if (docsFrom.isPresent()) {
            writeDocs(BenchResult.readFrom(docsFrom.get()));
            return 0;
        }
        if (writeDocs && (!only.isEmpty() || compare.isPresent() || !builds.isEmpty()
                || !attack.orElse(ALL_ATTACKS).equals(ALL_ATTACKS))) {
            throw new ParameterException(spec.commandLine(),
                    "--write-docs replaces all figures of a page, so it needs a run of all workloads or attacks:"
                            + " leave out --only, --compare, --build, and the kinds of --attack");
        }
        Path directory = Files.createTempDirectory("firstcome-bench-");
        if (attack.isPresent()) {
            return callAttacks(directory);
        }
        BenchResult result;
        try (var progress = new ConsoleProgress(System.out);
                var run = new BenchRun(options(directory), progress)) {
            result = run.run(commandLine(), commit(), soFar -> soFar.writeTo(out));
        }
        print(result);
        result.writeTo(out);
        System.out.println("\nwritten to " + out);
        if (writeDocs) {
            writeDocs(result);
        }
        // After a failure the directory stays, because it contains the logs.
        delete(directory);
        return 0;
    }

    private static void writeDocs(BenchResult result) throws IOException {
        Path docs = Path.of("docs");
        new PerformancePage(docs, FIRSTCOME, BareJavalin.NAME).write(result);
        // The planner calculates with this file.
        result.writeTo(docs.resolve("performance.json"));
        CapacityPage.write(docs);
    }

    private int callAttacks(Path directory) throws Exception {
        BenchResult result;
        try (var progress = new ConsoleProgress(System.out)) {
            result = new AttackBench(options(directory), attacks(), progress).run(commandLine(), commit());
        }
        printHead(result);
        System.out.print(Tables.console(ProtectionPage.rows(result)));
        result.writeTo(out);
        System.out.println("\nwritten to " + out);
        if (writeDocs) {
            Path docs = Path.of("docs");
            ProtectionPage.write(docs, result);
            result.writeTo(docs.resolve("protection.json"));
        }
        delete(directory);
        return 0;
    }

    private List<Attack> attacks() {
        String ids = attack.orElseThrow();
        return ids.equals(ALL_ATTACKS)
                ? List.of(Attack.values())
                : Stream.of(ids.split(",")).map(id -> Attack.of(id).orElseThrow(() -> new ParameterException(
                        spec.commandLine(), "unknown attack '" + id + "'; known: " + Attack.ids()))).toList();
    }

    private BenchOptions options(Path directory) {
        if (builds.isEmpty()) {
            builds.put(FIRSTCOME, System.getProperty("firstcome.home", "."));
        }
        if (kafka.isPresent() && builds.size() > 1) {
            throw new ParameterException(spec.commandLine(),
                    "--kafka takes one build only: two systems on one cluster would share their topics");
        }
        List<FirstComeBuild> started = new ArrayList<>();
        builds.forEach((name, location) -> started.add(FirstComeBuild.at(name, location, jvmOptions)));
        List<String> up = new ArrayList<>();
        kafka.ifPresent(value -> up.addAll(List.of("--kafka", value)));
        redis.ifPresent(value -> up.addAll(List.of("--redis", value)));
        jdbcUrl.ifPresent(value -> up.addAll(List.of("--jdbc-url", value)));
        Scale base = attack.isPresent()
                ? quick ? QUICK_ATTACK_SCALE : ATTACK_SCALE
                : quick ? Scale.QUICK : Scale.FULL;
        Scale scale = new Scale(rounds.orElse(base.rounds()),
                seconds.map(Duration::ofSeconds).orElse(base.duration()), base.warmUp(), base.divisor());
        return new BenchOptions(started, up, directory, scale, compare.isPresent() ? Set.of("a") : only, compared(0),
                compared(1), !noRivals, !noPin);
    }

    /** The number of users (0) or the stock (1) of the flash sale. */
    private long compared(int part) {
        String[] numbers = compare.orElse(SALE).split("x");
        if (numbers.length != 2 || !numbers[part].matches("[1-9][0-9]{0,6}")) {
            throw new ParameterException(spec.commandLine(),
                    "--compare must be users x stock such as " + SALE + ", not " + compare.orElseThrow());
        }
        return Long.parseLong(numbers[part]);
    }

    private static void printHead(BenchResult result) {
        System.out.printf("%n%s%ncommit %s, %s, %s%n%n", result.machine().text(), result.commit(), result.date(),
                result.command());
    }

    private void print(BenchResult result) {
        printHead(result);
        result.workloads().forEach((id, title) -> {
            System.out.printf("%s: %s%n", id, title);
            System.out.println(Tables.console(Tables.rows(result, id, reference(result, id))));
        });
    }

    /** Bare Javalin where it took part, otherwise the first build. */
    private String reference(BenchResult result, String workload) {
        return result.figures(workload).stream().map(Figure::system).filter(BareJavalin.NAME::equals).findFirst()
                .orElse(builds.keySet().iterator().next());
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> tree = Files.walk(directory)) {
            for (Path entry : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(entry);
            }
        }
    }

    private static String commandLine() {
        // A build can be given as a class path, which would fill the page.
        return "./firstcome bench " + System.getProperty("firstcome.arguments", "").replaceAll("(\\S{80})\\S+", "$1…");
    }

    private static String commit() throws IOException {
        Process git = new ProcessBuilder("git", "describe", "--always", "--dirty=+").redirectErrorStream(true).start();
        String text = new String(git.getInputStream().readAllBytes(), UTF_8).strip();
        return git.onExit().join().exitValue() == 0 ? text : "unknown";
    }
}

package io.firstcome.standalone.cli.check;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;

import io.firstcome.contract.id.CouponId;
import io.firstcome.contract.json.Json;
import io.firstcome.gate.redis.RedisSettings;
import io.firstcome.kit.service.Environment;
import io.firstcome.kit.service.StartFailure;
import io.firstcome.kit.settings.KafkaConnection;
import io.firstcome.sink.SinkSettings;
import io.firstcome.sink.database.DatabaseSettings;
import io.firstcome.standalone.check.CheckProgress;
import io.firstcome.standalone.check.CheckTarget;
import io.firstcome.standalone.check.LiveCheck;
import io.firstcome.standalone.check.LiveCheck.LogUnreadable;
import io.firstcome.standalone.check.report.CheckReport;
import io.firstcome.standalone.check.report.Deadline;
import io.firstcome.standalone.cli.terminal.CallerDirectory;
import io.firstcome.standalone.cli.terminal.CommandFailure;
import io.firstcome.standalone.cli.terminal.ExitCode;
import io.firstcome.standalone.cli.terminal.HttpUrl;
import io.firstcome.standalone.cli.terminal.JsonOption;
import io.firstcome.standalone.cli.terminal.TokenFile;
import io.firstcome.standalone.console.ConsoleBar;
import io.firstcome.standalone.stack.Endpoints;
import me.tongfei.progressbar.ProgressBar;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Checks every guarantee of a running system. Exit codes: 0 all hold, 1 one is violated, 3 one is not known. */
@Command(name = "check", mixinStandardHelpOptions = true, sortOptions = false,
        header = "Check every guarantee of a running system, also during a sale.",
        description = "Compares the log, MySQL, the gate, the authority and the public API. Changes nothing. Exit"
                + " code 0: everything was checked and holds, 1: a guarantee is violated, 3: something could not be"
                + " checked.")
public final class CheckCommand implements Callable<Integer> {

    private static final String USER_TOKEN = "FIRSTCOME_USER_TOKEN";
    /** A difference that an open transaction may explain is no violation, so a shorter wait could not judge it. */
    private static final long LEAST_WAIT_SECONDS = Deadline.OF_A_TRANSACTION.toSeconds();
    private static final String KAFKA = "FIRSTCOME_KAFKA_BOOTSTRAP_SERVERS";

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "COUPON", arity = "0..*", description = "Only these coupons; all if omitted.")
    private List<CouponId> coupons = List.of();

    @Option(names = "--data-dir", paramLabel = "DIR", converter = CallerDirectory.Converter.class,
            description = "Data directory of a running ./firstcome up (" + Endpoints.DEFAULT_DIRECTORY
                    + "). Its addresses are used"
                    + " unless a Kafka cluster is named; with this option " + KAFKA + " names none.")
    private Optional<Path> dataDirectory;

    @Option(names = "--kafka", paramLabel = "HOST:PORT",
            description = "The Kafka cluster. Then name the other parts too. Variable: " + KAFKA + ".")
    private Optional<String> kafka;

    @Option(names = "--jdbc-url", paramLabel = "URL",
            description = "The database. Variables: FIRSTCOME_JDBC_URL, FIRSTCOME_DB_USER, FIRSTCOME_DB_PASSWORD.")
    private Optional<String> jdbcUrl;

    @Option(names = "--redis", paramLabel = "URI", description = "Redis. Variable: FIRSTCOME_REDIS_URL.")
    private Optional<String> redis;

    @Option(names = "--processor-url", paramLabel = "URL",
            description = "The HTTP ports of one or more instances of the authority, separated by commas. Variable:"
                    + " FIRSTCOME_PROCESSOR_URL.")
    private Optional<String> processor;

    @Option(names = "--url", paramLabel = "URL", description = "The public API. Variable: FIRSTCOME_URL.")
    private Optional<String> url;

    @Option(names = "--user-token-file", paramLabel = "FILE",
            description = "File with the token of a user, where callers are users with tokens. Variable with the token"
                    + " itself: " + USER_TOKEN + ".")
    private Optional<Path> userTokenFile;

    @Option(names = "--wait", paramLabel = "SECONDS", defaultValue = "30",
            description = "How long a part may take to catch up with the log, and how long a difference must last to"
                    + " count as a violation (${DEFAULT-VALUE}).")
    private int waitSeconds;

    @Option(names = "--export", paramLabel = "FILE", description = "Also write the result as JSON to this file.")
    private Optional<Path> export;

    @Mixin
    private JsonOption json;

    private Map<String, String> environment = Map.of();

    @Override
    public Integer call() throws InterruptedException {
        if (waitSeconds < LEAST_WAIT_SECONDS || waitSeconds > 3600) {
            throw new ParameterException(spec.commandLine(), "--wait must be from " + LEAST_WAIT_SECONDS
                    + " to 3600, not " + waitSeconds + ": an open transaction may hide outcomes for "
                    + LEAST_WAIT_SECONDS + " seconds");
        }
        environment = Environment.read();
        CheckTarget target = target();
        CheckReport report = run(target);
        export.ifPresent(file -> write(CallerDirectory.resolve(file), report));
        if (json.isSet()) {
            JsonOption.print(CheckText.json(report));
        } else {
            System.out.print(CheckText.text(report, target.kafka().bootstrap()));
        }
        return switch (report.status()) {
            case HELD -> ExitCode.OK;
            case VIOLATED -> ExitCode.NO;
            case UNKNOWN -> ExitCode.UNKNOWN;
        };
    }

    private static CheckReport run(CheckTarget target) throws InterruptedException {
        try (var progress = new Progress()) {
            return LiveCheck.run(target, progress);
        } catch (LogUnreadable e) {
            throw new CommandFailure(ExitCode.UNKNOWN, e.getMessage());
        }
    }

    /** The parts of the data directory belong together. With another cluster none of them is used. */
    private CheckTarget target() {
        Path directory = dataDirectory.orElse(Path.of(Endpoints.DEFAULT_DIRECTORY));
        Optional<String> named = kafka.or(() -> dataDirectory.isPresent() ? Optional.empty() : variable(KAFKA));
        Optional<Endpoints> endpoints = named.isPresent() ? Optional.empty() : Endpoints.readFrom(directory);
        String cluster = named.or(() -> endpoints.map(Endpoints::kafka)).orElseThrow(() -> new StartFailure(
                "no ./firstcome up has used the data directory " + directory
                        + "; start one, or name a cluster with --kafka or " + KAFKA));
        return new CheckTarget(KafkaConnection.from(environment).to(cluster),
                variable("FIRSTCOME_APPLICATION_ID").orElse("firstcome-authority"),
                part(redis, "FIRSTCOME_REDIS_URL", endpoints, Endpoints::redis).map(CheckCommand::validRedis),
                part(jdbcUrl, "FIRSTCOME_JDBC_URL", endpoints, Endpoints::jdbc).map(this::database),
                part(processor, "FIRSTCOME_PROCESSOR_URL", endpoints, Endpoints::processor)
                        .map(text -> Arrays.stream(text.split(",")).map(it -> HttpUrl.parse("--processor-url", it))
                                .toList()),
                part(url, "FIRSTCOME_URL", endpoints, Endpoints::http)
                        .map(text -> HttpUrl.parse("--url", text)),
                userTokenFile.map(file -> TokenFile.read("--user-token-file", file))
                        .or(() -> variable(USER_TOKEN).map(token -> TokenFile.valid(USER_TOKEN, token))),
                new HashSet<>(coupons), Duration.ofSeconds(waitSeconds));
    }

    private Optional<String> part(Optional<String> option, String variable, Optional<Endpoints> endpoints,
            Function<Endpoints, String> written) {
        return option.or(() -> endpoints.map(written)).or(() -> variable(variable));
    }

    private Optional<String> variable(String key) {
        return Optional.ofNullable(environment.get(key)).map(String::strip).filter(value -> !value.isEmpty());
    }

    private static String validRedis(String uri) {
        return RedisSettings.from(Map.of("FIRSTCOME_REDIS_URL", uri)).uri().toString();
    }

    private DatabaseSettings database(String address) {
        Map<String, String> settings = new HashMap<>(environment);
        settings.put("FIRSTCOME_JDBC_URL", address);
        return SinkSettings.from(settings).database();
    }

    private static void write(Path file, CheckReport report) {
        try {
            Files.write(file, Json.mapper().writerWithDefaultPrettyPrinter()
                    .writeValueAsBytes(CheckText.json(report)));
        } catch (IOException e) {
            throw new CommandFailure(ExitCode.CANNOT, "--export " + file + " cannot be written: " + e);
        }
    }

    /** Shows progress on standard error: of a large log, and to a person. */
    private static final class Progress implements CheckProgress, AutoCloseable {

        private static final long LARGE_LOG = 50_000;

        private boolean isShown = System.console() != null;
        private Optional<ProgressBar> bar = Optional.empty();

        @Override
        public void reading(long records) {
            if (records > LARGE_LOG) {
                isShown = true;
                bar = Optional.of(ConsoleBar.start("  records of the log", records, System.err));
            }
        }

        @Override
        public void read(long records) {
            bar.ifPresent(it -> it.stepBy(records));
        }

        @Override
        public void comparing(String part) {
            close();
            if (isShown) {
                System.err.println("  comparing " + part);
            }
        }

        @Override
        public void close() {
            bar.ifPresent(ProgressBar::close);
            bar = Optional.empty();
        }
    }
}

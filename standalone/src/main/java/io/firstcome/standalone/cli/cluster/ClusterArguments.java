package io.firstcome.standalone.cli.cluster;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

import io.firstcome.kit.service.Environment;
import io.firstcome.kit.service.StartFailure;
import io.firstcome.kit.settings.KafkaConnection;
import io.firstcome.sink.SinkSettings;
import io.firstcome.sink.database.DatabaseSettings;
import io.firstcome.standalone.cli.terminal.CallerDirectory;
import io.firstcome.standalone.stack.Endpoints;
import picocli.CommandLine.Option;

/**
 * The options that name a running system: the data directory of {@code up}, or the addresses of its servers. Once a
 * Kafka cluster is named, the data directory belongs to another system, and no address of it is used.
 */
public final class ClusterArguments {

    private static final String KAFKA = "FIRSTCOME_KAFKA_BOOTSTRAP_SERVERS";

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

    private final Supplier<Map<String, String>> environment;

    /** Reads the environment of the process. */
    public ClusterArguments() {
        this(Environment::read);
    }

    ClusterArguments(Supplier<Map<String, String>> environment) {
        this.environment = environment;
    }

    /** The cluster, with the client settings {@code FIRSTCOME_KAFKA_…} of the environment. */
    public KafkaConnection kafka() {
        return KafkaConnection.from(environment.get())
                .to(namedCluster().orElseGet(() -> endpoints("--kafka").kafka()));
    }

    /** The database that an option or a variable names, or that belongs to the cluster. */
    public DatabaseSettings database() {
        return settings(jdbcUrl.orElseGet(
                () -> part("the database", "--jdbc-url", "FIRSTCOME_JDBC_URL", Endpoints::jdbc)));
    }

    /** As {@link #database}, and empty where none is named beside the cluster. */
    public Optional<DatabaseSettings> databaseIfNamed() {
        return partIfNamed(jdbcUrl, "FIRSTCOME_JDBC_URL", Endpoints::jdbc).map(this::settings);
    }

    private DatabaseSettings settings(String address) {
        Map<String, String> settings = new HashMap<>(environment.get());
        settings.put("FIRSTCOME_JDBC_URL", address);
        return SinkSettings.from(settings).database();
    }

    /**
     * A part that no option names: of the system that the cluster belongs to.
     *
     * @param name names the part in the failure
     * @param option the option that could have named the part
     * @param variable names the part beside a named cluster
     */
    public String part(String name, String option, String variable, Function<Endpoints, String> written) {
        if (namedCluster().isEmpty()) {
            return written.apply(endpoints(option));
        }
        return variable(variable).orElseThrow(() -> new StartFailure("with --kafka " + name
                + " must be named too: add " + option + ", or set " + variable));
    }

    /** As {@link #part}, of the option's value if there is one, and empty where none is named beside the cluster. */
    public Optional<String> partIfNamed(Optional<String> option, String variable,
            Function<Endpoints, String> written) {
        if (option.isPresent()) {
            return option;
        }
        return namedCluster().isPresent() ? variable(variable) : Optional.of(written.apply(endpoints("--kafka")));
    }

    private Optional<String> namedCluster() {
        return kafka.or(() -> dataDirectory.isPresent() ? Optional.empty() : variable(KAFKA));
    }

    /** The value of an environment variable that is set and not blank. */
    public Optional<String> variable(String key) {
        return Optional.ofNullable(environment.get().get(key)).map(String::strip).filter(it -> !it.isEmpty());
    }

    private Endpoints endpoints(String option) {
        Path directory = dataDirectory.orElse(Path.of(Endpoints.DEFAULT_DIRECTORY));
        return Endpoints.readFrom(directory).orElseThrow(() -> new StartFailure("no ./firstcome up has used the"
                + " data directory " + directory + "; name its directory with --data-dir, or a server with "
                + option));
    }
}

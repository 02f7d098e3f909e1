package io.firstcome.standalone.cli.repair;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

import io.firstcome.kit.service.Environment;
import io.firstcome.kit.service.StartFailure;
import io.firstcome.kit.settings.KafkaConnection;
import io.firstcome.sink.SinkSettings;
import io.firstcome.sink.database.DatabaseSettings;
import io.firstcome.standalone.stack.Endpoints;
import picocli.CommandLine.Option;

/** The options that name a running system: the data directory of {@code up}, or the addresses of its servers. */
final class ClusterArguments {

    @Option(names = "--data-dir", paramLabel = "DIR", defaultValue = ".firstcome",
            description = "Data directory of a running ./firstcome up (${DEFAULT-VALUE}).")
    private Path dataDirectory;

    @Option(names = "--kafka", paramLabel = "HOST:PORT",
            description = "Use this Kafka cluster instead of that of the data directory.")
    private Optional<String> kafka;

    @Option(names = "--jdbc-url", paramLabel = "URL",
            description = "With --kafka: the database. FIRSTCOME_DB_USER and FIRSTCOME_DB_PASSWORD are used.")
    private Optional<String> jdbcUrl;

    /** The cluster, with the client settings {@code FIRSTCOME_KAFKA_…} of the environment. */
    KafkaConnection kafka() {
        return KafkaConnection.from(Environment.read()).to(kafka.orElseGet(() -> endpoints("--kafka").kafka()));
    }

    /** The URL of the authority's queries, if it is that of the data directory. */
    String processor() {
        return endpoints("--processor-url").processor();
    }

    DatabaseSettings database() {
        if (kafka.isPresent() && jdbcUrl.isEmpty()) {
            throw new StartFailure("with --kafka the database must be named too: add --jdbc-url");
        }
        Map<String, String> environment = new HashMap<>(Environment.read());
        environment.put("FIRSTCOME_JDBC_URL", jdbcUrl.orElseGet(() -> endpoints("--jdbc-url").jdbc()));
        return SinkSettings.from(environment).database();
    }

    private Endpoints endpoints(String option) {
        return Endpoints.readFrom(dataDirectory).orElseThrow(() -> new StartFailure("no ./firstcome up has used the"
                + " data directory " + dataDirectory + "; name its directory with --data-dir, or a server with "
                + option));
    }
}

package io.firstcome.standalone.cli.run;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

import io.firstcome.standalone.cli.terminal.CallerDirectory;
import io.firstcome.standalone.stack.Endpoints;
import io.firstcome.standalone.stack.Ports;
import io.firstcome.standalone.stack.StackOptions;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options for the ports, data directory and external servers of a stack. */
final class StackArguments {

    /** As FIRSTCOME_PARTITIONS has it. */
    private static final int MAX_PARTITIONS = 1_000;
    private static final int MAX_PORT = 65_535;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(names = "--data-dir", paramLabel = "DIR", converter = CallerDirectory.Converter.class,
            defaultValue = Endpoints.DEFAULT_DIRECTORY,
            description = "Directory for all data that survive a restart (${DEFAULT-VALUE}).")
    private Path dataDirectory;

    @Option(names = "--fresh", description = "Delete the data of earlier runs in the data directory.")
    private boolean fresh;

    @Option(names = "--http-port", paramLabel = "PORT", defaultValue = "8080",
            description = "Port of the public API (${DEFAULT-VALUE}).")
    private int http;

    @Option(names = "--admin-port", paramLabel = "PORT", defaultValue = "8081",
            description = "Port of the operators' API (${DEFAULT-VALUE}).")
    private int admin;

    @Option(names = "--processor-port", paramLabel = "PORT", defaultValue = "8082",
            description = "Port of the authority's queries (${DEFAULT-VALUE}).")
    private int processor;

    @Option(names = "--sink-port", paramLabel = "PORT", defaultValue = "8083",
            description = "Port of the sink's queries, health and metrics (${DEFAULT-VALUE}).")
    private int sink;

    @Option(names = "--kafka-port", paramLabel = "PORT", defaultValue = "19092",
            description = "Port of the embedded Kafka broker (${DEFAULT-VALUE}).")
    private int kafkaPort;

    @Option(names = "--redis-port", paramLabel = "PORT", defaultValue = "16379",
            description = "Port of the embedded Redis (${DEFAULT-VALUE}).")
    private int redisPort;

    @Option(names = "--mysql-port", paramLabel = "PORT", defaultValue = "13306",
            description = "Port of the embedded MariaDB (${DEFAULT-VALUE}).")
    private int mysqlPort;

    @Option(names = "--partitions", paramLabel = "N", defaultValue = "6",
            description = "Partitions of every topic; fixed by the first start (${DEFAULT-VALUE}).")
    private int partitions;

    @Option(names = "--kafka", paramLabel = "HOST:PORT",
            description = "Use this Kafka cluster instead of the embedded broker. Topics get as many replicas as the"
                    + " environment variable FIRSTCOME_REPLICAS says (3).")
    private Optional<String> kafka;

    @Option(names = "--redis", paramLabel = "URI", description = "Use this Redis instead of the embedded one.")
    private Optional<String> redis;

    @Option(names = "--jdbc-url", paramLabel = "URL",
            description = "Use this MySQL or MariaDB database instead of the embedded one.")
    private Optional<String> jdbcUrl;

    Path dataDirectory() {
        return dataDirectory;
    }

    /** @throws ParameterException when a value cannot be used, before anything is started */
    StackOptions options() {
        require("--partitions", partitions, MAX_PARTITIONS);
        requirePorts();
        return new StackOptions(dataDirectory, fresh,
                new Ports(http, admin, processor, sink, kafkaPort, redisPort, mysqlPort), partitions, kafka, redis,
                jdbcUrl);
    }

    private void requirePorts() {
        Map<String, Integer> ports = new LinkedHashMap<>();
        ports.put("--http-port", http);
        ports.put("--admin-port", admin);
        ports.put("--processor-port", processor);
        ports.put("--sink-port", sink);
        if (kafka.isEmpty()) {
            ports.put("--kafka-port", kafkaPort);
        }
        if (redis.isEmpty()) {
            ports.put("--redis-port", redisPort);
        }
        if (jdbcUrl.isEmpty()) {
            ports.put("--mysql-port", mysqlPort);
        }
        Map<Integer, String> owners = new HashMap<>();
        ports.forEach((option, port) -> {
            require(option, port, MAX_PORT);
            String other = owners.put(port, option);
            if (other != null) {
                throw new ParameterException(spec.commandLine(),
                        other + " and " + option + " are both " + port + "; give each a port of its own");
            }
        });
    }

    private void require(String option, int value, int max) {
        if (value < 1 || value > max) {
            throw new ParameterException(spec.commandLine(),
                    option + " must be from 1 to " + max + ", not " + value);
        }
    }
}

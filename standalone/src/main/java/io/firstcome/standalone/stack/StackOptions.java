package io.firstcome.standalone.stack;

import java.nio.file.Path;
import java.util.Optional;

/**
 * What a stack is started with.
 *
 * @param dataDirectory where everything lies that survives a restart
 * @param fresh whether to forget what earlier runs left there
 * @param ports where everything listens
 * @param partitions of every topic; frozen by the first start
 * @param kafka bootstrap servers of a running cluster, in place of the embedded broker
 * @param redis URI of a running Redis, in place of the embedded one
 * @param jdbcUrl URL of a running MySQL or MariaDB database, in place of the embedded one
 */
public record StackOptions(Path dataDirectory, boolean fresh, Ports ports, int partitions, Optional<String> kafka,
        Optional<String> redis, Optional<String> jdbcUrl) {

    /** Everything embedded, with the usual number of partitions. */
    public static StackOptions embedded(Path dataDirectory, Ports ports) {
        return new StackOptions(dataDirectory, false, ports, 6, Optional.empty(), Optional.empty(), Optional.empty());
    }
}

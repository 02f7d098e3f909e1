package io.firstcome.standalone.stack;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * The options of a stack.
 *
 * @param dataDirectory the directory for all data that survive a restart
 * @param fresh whether to delete the data of earlier runs
 * @param ports the ports of all components
 * @param partitions the partition count of every topic; fixed by the first start
 * @param kafka the bootstrap servers of a cluster to use instead of the embedded broker
 * @param redis the URI of a Redis to use instead of the embedded one
 * @param jdbcUrl the URL of a MySQL or MariaDB database to use instead of the embedded one
 * @param settings settings of the services, which replace those of the environment
 */
public record StackOptions(Path dataDirectory, boolean fresh, Ports ports, int partitions, Optional<String> kafka,
        Optional<String> redis, Optional<String> jdbcUrl, Map<String, String> settings) {

    /** Options whose services have the settings of the environment. */
    public StackOptions(Path dataDirectory, boolean fresh, Ports ports, int partitions, Optional<String> kafka,
            Optional<String> redis, Optional<String> jdbcUrl) {
        this(dataDirectory, fresh, ports, partitions, kafka, redis, jdbcUrl, Map.of());
    }

    /** Everything embedded, with the default partition count. */
    public static StackOptions embedded(Path dataDirectory, Ports ports) {
        return new StackOptions(dataDirectory, false, ports, 6, Optional.empty(), Optional.empty(), Optional.empty());
    }

    /** The same options with other settings of the services. */
    public StackOptions with(Map<String, String> other) {
        return new StackOptions(dataDirectory, fresh, ports, partitions, kafka, redis, jdbcUrl, other);
    }
}

package io.firstcome.processor;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A file beside the stores of an instance, which exists while no instance has them open.
 *
 * <p>Under exactly-once Kafka Streams deletes stores that were not closed, because they may contain writes that were
 * not committed, and restores them from their changelogs. It finds out by opening the stores of every task, twice,
 * which takes seconds. Without the file the stores are deleted before. After a failure in a running instance the file
 * may be there although Kafka Streams could not close a store; then Kafka Streams finds out.
 */
final class ClosedStores {

    private final Path stores;
    private final Path file;

    /** @param stateDir the directory in which Kafka Streams keeps the stores of the application */
    ClosedStores(Path stateDir, String applicationId) {
        stores = stateDir.resolve(applicationId);
        file = stateDir.resolve(applicationId + ".closed");
    }

    /** Whether an instance has left stores without closing them. From now on stores count as open. */
    boolean open() throws IOException {
        return !Files.deleteIfExists(file) && hasTasks();
    }

    /** No instance has the stores open any more. */
    void close() throws IOException {
        Files.createDirectories(file.getParent());
        Files.write(file, new byte[0]);
    }

    private boolean hasTasks() throws IOException {
        if (!Files.isDirectory(stores)) {
            return false;
        }
        try (DirectoryStream<Path> tasks = Files.newDirectoryStream(stores, Files::isDirectory)) {
            return tasks.iterator().hasNext();
        }
    }
}

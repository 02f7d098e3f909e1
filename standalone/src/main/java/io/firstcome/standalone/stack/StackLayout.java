package io.firstcome.standalone.stack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import io.firstcome.kit.service.StartFailure;

/** The files and directories in a data directory. */
record StackLayout(Path root) {

    private static final String LOCK = "owner.lock";
    private static final Set<String> OWN_ENTRIES = Set.of(LOCK, "endpoints.properties", "firstcome.log", "kafka",
            "redis", "mysql", "streams");

    Path kafka() {
        return root.resolve("kafka");
    }

    Path redis() {
        return root.resolve("redis");
    }

    Path mysql() {
        return root.resolve("mysql");
    }

    Path streams() {
        return root.resolve("streams");
    }

    /**
     * Deletes the data of earlier runs. When the directory contains anything else, nothing is deleted, so that a
     * mistyped {@code --data-dir} cannot delete other files.
     */
    void clear() {
        List<Path> entries = entries();
        for (Path entry : entries) {
            if (!OWN_ENTRIES.contains(entry.getFileName().toString())) {
                throw new StartFailure("--fresh does not delete " + entry + ", because it does not belong to FirstCome;"
                        + " move it away or choose another --data-dir");
            }
        }
        entries.stream().filter(entry -> !entry.endsWith(LOCK)).forEach(StackLayout::deleteTree);
    }

    private List<Path> entries() {
        try (Stream<Path> entries = Files.list(root)) {
            return entries.toList();
        } catch (IOException e) {
            throw new StartFailure("data directory " + root + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** Deletes the data directory. */
    void deleteAll() {
        deleteTree(root);
    }

    private static void deleteTree(Path root) {
        try (Stream<Path> tree = Files.walk(root)) {
            for (Path entry : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(entry);
            }
        } catch (IOException e) {
            throw new StartFailure("cannot delete " + root + ": " + e.getMessage(), e);
        }
    }
}

package io.firstcome.standalone.stack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import io.firstcome.kit.service.StartFailure;

/** What lies where in a data directory. */
record StackLayout(Path root) {

    private static final String LOCK = "owner.lock";
    private static final Set<String> OURS = Set.of(LOCK, "endpoints.properties", "firstcome.log", "kafka", "redis",
            "mysql", "streams");

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
     * Removes all that earlier runs left. A folder with anything else in it is not touched: a mistyped
     * {@code --data-dir} must not cost anybody their files.
     */
    void clear() {
        List<Path> content = content();
        for (Path entry : content) {
            if (!OURS.contains(entry.getFileName().toString())) {
                throw new StartFailure("--fresh will not delete " + entry + ", which is not FirstCome's; "
                        + "move it away or choose another --data-dir");
            }
        }
        content.stream().filter(entry -> !entry.endsWith(LOCK)).forEach(StackLayout::deleteTree);
    }

    private List<Path> content() {
        try (Stream<Path> entries = Files.list(root)) {
            return entries.toList();
        } catch (IOException e) {
            throw new StartFailure("data directory " + root + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** Removes the data directory itself. */
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

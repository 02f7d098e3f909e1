package io.firstcome.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;

/** Directories that are either there and complete, or not there. */
final class FileTree {

    private FileTree() {}

    /** Writes what belongs into a directory. */
    @FunctionalInterface
    interface Filling {
        void into(Path directory) throws IOException;
    }

    /** The directory {@code target}; when it is missing it is filled under another name first. */
    static Path filled(Path target, Filling filling) throws IOException {
        if (!Files.isDirectory(target)) {
            Path partial = target.resolveSibling(target.getFileName() + ".partial");
            delete(partial);
            filling.into(Files.createDirectories(partial));
            Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE);
        }
        return target;
    }

    private static void delete(Path root) throws IOException {
        if (Files.exists(root)) {
            for (Path path : parentsFirst(root).reversed()) {
                Files.delete(path);
            }
        }
    }

    private static List<Path> parentsFirst(Path root) throws IOException {
        try (Stream<Path> paths = Files.walk(root)) {
            return paths.toList();
        }
    }
}

package io.firstcome.embedded.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;

/** Creates directories atomically: a directory is either complete or does not exist. */
public final class FileTree {

    private FileTree() {}

    /** Writes the content of a directory. */
    @FunctionalInterface
    public interface Filling {
        void into(Path directory) throws IOException;
    }

    /** Creates {@code target} if it does not exist: fills a directory with another name and renames it. */
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

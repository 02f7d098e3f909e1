package io.firstcome.docs;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** The files of this project that people write: sources and documents, without the output of a build. */
final class ProjectFiles {

    static final Path PROJECT = Path.of("..");

    private ProjectFiles() {}

    /** A line of a file. The number counts from 1. */
    record Line(Path file, int number, String text) {

        @Override
        public String toString() {
            return PROJECT.relativize(file) + ":" + number + ": " + text.strip();
        }
    }

    /** The lines of the files with such a path. */
    static List<Line> lines(Predicate<Path> which) throws IOException {
        List<Line> lines = new ArrayList<>();
        for (Path file : find(which)) {
            List<String> texts = Files.readAllLines(file);
            for (int i = 0; i < texts.size(); i++) {
                lines.add(new Line(file, i + 1, texts.get(i)));
            }
        }
        return lines;
    }

    /** The files with such a path. */
    static List<Path> find(Predicate<Path> which) throws IOException {
        List<Path> files = new ArrayList<>();
        Files.walkFileTree(PROJECT, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
                String name = directory.getFileName().toString();
                boolean isOutput = name.equals("target") || name.startsWith(".") && !directory.equals(PROJECT);
                return isOutput ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (which.test(file)) {
                    files.add(file);
                }
                return FileVisitResult.CONTINUE;
            }
        });
        return files;
    }
}

package io.firstcome.standalone.cli.terminal;

import java.nio.file.Path;

import io.firstcome.standalone.stack.Endpoints;
import picocli.CommandLine.ITypeConverter;

/**
 * The directory from which the user called the script {@code firstcome}, which itself runs in the project's directory.
 */
public final class CallerDirectory {

    private static final String PROPERTY = "firstcome.caller.directory";

    private CallerDirectory() {}

    /** The path as the user means it. */
    public static Path resolve(Path path) {
        return current().resolve(path);
    }

    private static Path current() {
        return Path.of(System.getProperty(PROPERTY, ""));
    }

    /** Reads a data directory: as the user means it, but the default is in the project's directory for all users. */
    public static final class Converter implements ITypeConverter<Path> {

        private final Path directory;

        /** The directory of the user who called this process. */
        public Converter() {
            this(current());
        }

        Converter(Path directory) {
            this.directory = directory;
        }

        @Override
        public Path convert(String text) {
            Path path = Path.of(text);
            return path.equals(Path.of(Endpoints.DEFAULT_DIRECTORY)) ? path : directory.resolve(path);
        }
    }
}

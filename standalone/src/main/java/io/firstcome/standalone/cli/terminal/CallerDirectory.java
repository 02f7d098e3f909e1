package io.firstcome.standalone.cli.terminal;

import java.nio.file.Path;

/**
 * The directory from which the user called the script {@code firstcome}, which itself runs in the project's directory.
 */
public final class CallerDirectory {

    private static final String PROPERTY = "firstcome.caller.directory";

    private CallerDirectory() {}

    /** The path as the user means it. */
    public static Path resolve(Path path) {
        return Path.of(System.getProperty(PROPERTY, "")).resolve(path);
    }
}

package io.firstcome.kit.service;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/**
 * Which build of FirstCome runs.
 *
 * @param version the version of the project, for example {@code 0.1.0}
 * @param commit the id of the commit, with {@code +} when files were changed
 */
public record BuildVersion(String version, String commit) {

    /** The value of a part that the build did not know, for example the commit where there was no git repository. */
    public static final String UNKNOWN = "unknown";

    private static final String FILE = "build.properties";
    private static final BuildVersion CURRENT = current(BuildVersion.class.getResourceAsStream(FILE));

    /** This build. */
    public static BuildVersion current() {
        return CURRENT;
    }

    /** One line, for example {@code 0.1.0 (commit 8b1c9e4f02aa)}. */
    public String text() {
        return version + " (commit " + commit + ")";
    }

    private static BuildVersion current(InputStream file) {
        var properties = new Properties();
        try (file) {
            properties.load(file);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + FILE, e);
        }
        return of(properties);
    }

    static BuildVersion of(Properties properties) {
        return new BuildVersion(value(properties, "version"), value(properties, "commit"));
    }

    /** A compiler that does not run Maven leaves the placeholders in the file. */
    private static String value(Properties properties, String key) {
        String value = properties.getProperty(key, "");
        return value.isEmpty() || value.startsWith("${") ? UNKNOWN : value;
    }
}

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
    private static final BuildVersion CURRENT = read();

    /** This build. */
    public static BuildVersion current() {
        return CURRENT;
    }

    /** One line, for example {@code 0.1.0 (commit 8b1c9e4f02aa)}. */
    public String text() {
        return version + " (commit " + commit + ")";
    }

    /** Only the build with Maven writes the file. */
    private static BuildVersion read() {
        var properties = new Properties();
        try (InputStream file = BuildVersion.class.getResourceAsStream(FILE)) {
            if (file != null) {
                properties.load(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + FILE, e);
        }
        return of(properties);
    }

    static BuildVersion of(Properties properties) {
        return new BuildVersion(properties.getProperty("version", UNKNOWN), properties.getProperty("commit", UNKNOWN));
    }
}

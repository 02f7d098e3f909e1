package io.firstcome.kit.logging;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import io.firstcome.kit.settings.Setting;

/**
 * The log of a process. Services that run in one process share it.
 *
 * @param format how a line is written
 * @param levelsFile a properties file with a level for each logger, read again while the process runs
 */
public record LogSettings(Format format, Optional<Path> levelsFile) {

    /** How lines are written. */
    public enum Format {
        /** One line of text for each event, with {@code key=value} at its end; stack traces follow on further lines. */
        TEXT,
        /** One JSON object on one line for each event. */
        JSON
    }

    private static final Setting<Format> FORMAT = Setting.choice("FIRSTCOME_LOG_FORMAT", Format.TEXT,
            "How the log is written: TEXT with key=value at the end of a line, or JSON with one object on each line.");
    private static final Setting<String> LEVELS_FILE = Setting.optionalText("FIRSTCOME_LOG_LEVELS_FILE", "",
            "A properties file of logger=LEVEL, such as io.firstcome.ingress=DEBUG. A change of the file takes effect"
                    + " within seconds, without a restart. Empty: the levels are fixed.");

    /** All settings, for the documentation. */
    public static final List<Setting<?>> ALL = List.of(FORMAT, LEVELS_FILE);

    /**
     * Reads the settings from environment variables.
     *
     * @throws io.firstcome.kit.service.StartFailure naming the key whose value is not allowed
     */
    public static LogSettings from(Map<String, String> environment) {
        String file = LEVELS_FILE.from(environment);
        return new LogSettings(FORMAT.from(environment),
                file.isEmpty() ? Optional.empty() : Optional.of(Path.of(file)));
    }
}

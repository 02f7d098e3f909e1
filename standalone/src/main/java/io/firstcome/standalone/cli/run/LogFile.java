package io.firstcome.standalone.cli.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import io.firstcome.kit.logging.LogSettings;
import io.firstcome.kit.logging.Logging;
import io.firstcome.kit.service.Environment;
import io.firstcome.kit.service.StartFailure;

/** Sends the log of libraries and services to a file, so that the terminal shows only the output of the command. */
final class LogFile {

    private LogFile() {}

    static void in(Path dataDirectory) {
        try {
            Files.createDirectories(dataDirectory);
        } catch (IOException e) {
            throw new StartFailure("data directory " + dataDirectory + " cannot be created (" + e
                    + "); choose another with --data-dir", e);
        }
        Logging.startIn(pathIn(dataDirectory), LogSettings.from(Environment.read()));
    }

    static Path pathIn(Path dataDirectory) {
        return dataDirectory.resolve("firstcome.log");
    }
}

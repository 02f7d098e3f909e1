package io.firstcome.standalone.cli.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import io.firstcome.kit.service.StartFailure;

/** Sends the log of libraries and services to a file, so that the terminal shows only the output of the command. */
final class LogFile {

    private LogFile() {}

    /** Must be called before the first logger is created, because slf4j-simple reads its configuration once. */
    static void in(Path dataDirectory) {
        try {
            Files.createDirectories(dataDirectory);
        } catch (IOException e) {
            throw new StartFailure("data directory " + dataDirectory + " cannot be created (" + e
                    + "); choose another with --data-dir", e);
        }
        System.setProperty("org.slf4j.simpleLogger.logFile", pathIn(dataDirectory).toString());
    }

    static Path pathIn(Path dataDirectory) {
        return dataDirectory.resolve("firstcome.log");
    }
}

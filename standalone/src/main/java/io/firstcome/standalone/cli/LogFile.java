package io.firstcome.standalone.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import io.firstcome.kit.service.StartFailure;

/** The terminal is for people; what the libraries and services have to say goes to a file. */
final class LogFile {

    private LogFile() {}

    /** Must be called before the first logger is made: slf4j-simple looks only once. */
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

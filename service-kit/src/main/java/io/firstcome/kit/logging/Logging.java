package io.firstcome.kit.logging;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

import org.slf4j.LoggerFactory;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.FileAppender;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;

/** Where the log of this process goes. Until a start method is called, the log is text on standard error. */
public final class Logging {

    /** Follows the file of levels; empty without that setting. */
    private static volatile Optional<LogLevels> levels = Optional.empty();

    private Logging() {}

    /** Writes the log to standard error, as the settings say. */
    public static void start(LogSettings settings) {
        start(settings, standardError());
    }

    /** Writes the log to a file, which is emptied, so that the terminal shows only the output of the command. */
    public static void startIn(Path file, LogSettings settings) {
        var appender = new FileAppender<ILoggingEvent>();
        appender.setFile(file.toString());
        appender.setAppend(false);
        start(settings, appender);
    }

    private static void start(LogSettings settings, OutputStreamAppender<ILoggingEvent> appender) {
        var loggers = (LoggerContext) LoggerFactory.getILoggerFactory();
        if (!isConfiguredByFile()) {
            writeTo(loggers, appender, settings.format());
        }
        levels = settings.levelsFile().map(file -> new LogLevels(loggers, file));
        levels.ifPresent(LogLevels::watch);
    }

    /** Why the levels do not follow their file any more; empty while they do, and without a file. For liveness. */
    public static Optional<String> problem() {
        return levels.flatMap(LogLevels::problem);
    }

    static boolean isConfiguredByFile() {
        return System.getProperty("logback.configurationFile") != null;
    }

    static OutputStreamAppender<ILoggingEvent> standardError() {
        var appender = new ConsoleAppender<ILoggingEvent>();
        appender.setTarget("System.err");
        return appender;
    }

    static void writeTo(LoggerContext loggers, OutputStreamAppender<ILoggingEvent> appender,
            LogSettings.Format format) {
        var encoder = new LayoutWrappingEncoder<ILoggingEvent>();
        encoder.setContext(loggers);
        encoder.setCharset(StandardCharsets.UTF_8);
        encoder.setLayout(switch (format) {
            case TEXT -> new TextLayout();
            case JSON -> new JsonLayout();
        });
        encoder.start();
        appender.setContext(loggers);
        appender.setName("log");
        appender.setEncoder(encoder);
        appender.start();
        Logger root = loggers.getLogger(Logger.ROOT_LOGGER_NAME);
        root.detachAndStopAllAppenders();
        root.addAppender(appender);
    }
}

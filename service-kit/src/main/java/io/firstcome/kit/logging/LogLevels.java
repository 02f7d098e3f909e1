package io.firstcome.kit.logging;

import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import io.firstcome.kit.loop.ServiceLoop;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

/**
 * The levels of loggers: defaults from the class path, and a file that an operator changes while the process runs. A
 * logger that the file no longer names gets its earlier level back.
 */
final class LogLevels {

    private static final Logger LOG = LoggerFactory.getLogger(LogLevels.class);
    /** Each module may have one; the first on the class path wins where two name the same logger. */
    private static final String RESOURCE = "log-levels.properties";
    private static final Duration INTERVAL = Duration.ofSeconds(2);

    private final LoggerContext loggers;
    private final Path file;
    /** The log belongs to the process, so the meters of no service count its failures. */
    private final ServiceLoop reader = ServiceLoop.named("log-levels", this::step, new SimpleMeterRegistry()).daemon()
            .build();
    /** The level that a logger had before the file named it; null when it inherited one. */
    private final Map<String, Level> originals = new HashMap<>();
    private Map<String, String> applied = Map.of();
    private String problem = "";

    LogLevels(LoggerContext loggers, Path file) {
        this.loggers = loggers;
        this.file = file;
    }

    /** The levels that the modules on the class path want, by logger. */
    static Map<String, Level> defaults() {
        try {
            List<URL> resources = new ArrayList<>(
                    Collections.list(LogLevels.class.getClassLoader().getResources(RESOURCE)));
            Collections.reverse(resources);
            Map<String, Level> levels = new HashMap<>();
            for (URL resource : resources) {
                var properties = new Properties();
                try (InputStream in = resource.openStream()) {
                    properties.load(in);
                }
                properties.forEach((logger, level) -> levels.put((String) logger, Level.valueOf((String) level)));
            }
            return levels;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Applies the file now, and again after each change, for as long as the process runs. */
    void watch() {
        apply();
        reader.start();
    }

    private void step() throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep(INTERVAL.toNanos());
        apply();
    }

    /** Why changes of the file have no effect any more; empty while they have. */
    Optional<String> problem() {
        return reader.problem();
    }

    /**
     * Compares the content: the time of a file may be the same after a change, and an orchestrator replaces the file by
     * a link to another one.
     */
    void apply() {
        try {
            Map<String, String> wanted = read();
            if (!wanted.equals(applied)) {
                // A logger whose level was invalid was never changed, so it has no original to return to.
                applied.keySet().stream()
                        .filter(logger -> !wanted.containsKey(logger) && originals.containsKey(logger))
                        .forEach(logger -> loggers.getLogger(logger).setLevel(originals.remove(logger)));
                wanted.forEach(this::set);
                applied = wanted;
                LOG.info("log levels from {}: {}", file, wanted);
            }
            problem = "";
        } catch (IOException | RuntimeException e) {
            // Once for each problem: the next attempt is two seconds away.
            if (!problem.equals(e.toString())) {
                problem = e.toString();
                LOG.warn("the log levels stay as they are, because {} cannot be read: {}", file, problem);
            }
        }
    }

    private Map<String, String> read() throws IOException {
        var properties = new Properties();
        try (Reader in = Files.newBufferedReader(file)) {
            properties.load(in);
        } catch (NoSuchFileException _) {
            // No level is changed, until an operator creates the file.
            return Map.of();
        }
        Map<String, String> levels = new TreeMap<>();
        properties.forEach((logger, level) -> levels.put((String) logger, ((String) level).strip()));
        return levels;
    }

    private void set(String logger, String text) {
        Level level = Level.toLevel(text, null);
        if (level == null) {
            LOG.warn("{}: {}={} is ignored; the levels are OFF, ERROR, WARN, INFO, DEBUG, TRACE and ALL", file, logger,
                    text);
        } else {
            ch.qos.logback.classic.Logger changed = loggers.getLogger(logger);
            if (!originals.containsKey(logger)) {
                originals.put(logger, changed.getLevel());
            }
            changed.setLevel(level);
        }
    }
}

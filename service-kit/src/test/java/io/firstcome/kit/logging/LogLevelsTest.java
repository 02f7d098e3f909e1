package io.firstcome.kit.logging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggerContextListener;
import io.firstcome.kit.service.StartFailure;

class LogLevelsTest {

    private final LoggerContext loggers = new LoggerContext();
    private final Logger root = loggers.getLogger(Logger.ROOT_LOGGER_NAME);
    private final Logger ours = loggers.getLogger("io.firstcome");
    private final Logger identity = loggers.getLogger("io.firstcome.ingress.identity");

    @TempDir
    private Path directory;
    private Path file;
    private LogLevels levels;

    @BeforeEach
    void configure() {
        file = directory.resolve("levels.properties");
        levels = new LogLevels(loggers, file);
        LogLevels.defaults().forEach((logger, level) -> loggers.getLogger(logger).setLevel(level));
    }

    @Test
    void shouldLogOurLinesAtInfoByDefault() {
        // then
        assertThat(root.getLevel()).isEqualTo(Level.WARN);
        assertThat(identity.getEffectiveLevel()).isEqualTo(Level.INFO);
    }

    @Test
    void shouldApplyEachChangeOfTheFile() throws IOException {
        // given
        levels.apply();

        // when
        Files.writeString(file, "io.firstcome.ingress.identity = debug\nROOT=ERROR\n");
        levels.apply();

        // then
        assertThat(identity.getLevel()).isEqualTo(Level.DEBUG);
        assertThat(root.getLevel()).isEqualTo(Level.ERROR);
        assertThat(ours.getLevel()).isEqualTo(Level.INFO);
    }

    @Test
    void shouldReturnToTheEarlierLevelWhenALineIsRemoved() throws IOException {
        // given
        Files.writeString(file, "io.firstcome.ingress.identity=DEBUG\nROOT=ERROR\n");
        levels.apply();
        Files.writeString(file, "io.firstcome.ingress.identity=TRACE\nROOT=ERROR\n");
        levels.apply();

        // when
        Files.delete(file);
        levels.apply();

        // then
        assertThat(identity.getLevel()).isNull();
        assertThat(root.getLevel()).isEqualTo(Level.WARN);
    }

    @Test
    void shouldIgnoreALineWithAnUnknownLevel() throws IOException {
        // when
        Files.writeString(file, "io.firstcome=LOUD\nio.firstcome.ingress.identity=DEBUG\n");
        levels.apply();

        // then
        assertThat(ours.getLevel()).isEqualTo(Level.INFO);
        assertThat(identity.getLevel()).isEqualTo(Level.DEBUG);
    }

    @Test
    void shouldKeepTheLevelWhenAnIgnoredLineIsRemoved() throws IOException {
        // given
        Files.writeString(file, "ROOT=LOUD\n");
        levels.apply();

        // when
        Files.writeString(file, "");
        levels.apply();

        // then
        assertThat(root.getLevel()).isEqualTo(Level.WARN);
    }

    @Test
    void shouldKeepTheLevelsWhileTheFileCannotBeRead() throws IOException {
        // given
        Files.writeString(file, "io.firstcome=DEBUG\n");
        levels.apply();

        // when
        Files.writeString(file, "io.firstcome=\\u00zz\n");
        levels.apply();

        // then
        assertThat(ours.getLevel()).isEqualTo(Level.DEBUG);
    }

    @Test
    void shouldReportAnErrorThatEndsTheReading() throws IOException {
        // given
        levels.watch();

        // when
        loggers.addListener(new BrokenListener());
        Files.writeString(file, "io.firstcome=DEBUG\n");

        // then
        await().until(() -> levels.problem().isPresent());
        assertThat(levels.problem().get()).contains("LinkageError");
    }

    @Test
    void shouldNameTheSettingOfAnUnknownFormat() {
        // then
        assertThatThrownBy(() -> LogSettings.from(Map.of("FIRSTCOME_LOG_FORMAT", "xml")))
                .isInstanceOf(StartFailure.class)
                .hasMessage("setting FIRSTCOME_LOG_FORMAT=xml must be one of TEXT, JSON");
    }

    private static final class BrokenListener implements LoggerContextListener {

        @Override
        public boolean isResetResistant() {
            return false;
        }

        @Override
        public void onStart(LoggerContext context) {}

        @Override
        public void onReset(LoggerContext context) {}

        @Override
        public void onStop(LoggerContext context) {}

        @Override
        public void onLevelChange(Logger logger, Level level) {
            throw new LinkageError("thrown by the test");
        }
    }
}

package io.firstcome.standalone.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.firstcome.kit.service.StartFailure;

class StackFilesTest {

    private static final Endpoints ENDPOINTS = new Endpoints("http://h", "http://a", "token", "http://p", "http://s",
            "kafka:1", "redis://r:2", "jdbc:mysql://m:3/firstcome?user=root");

    @TempDir
    private Path directory;

    @Test
    void shouldReadTheEndpointsThatWereWritten() {
        assertThat(Endpoints.readFrom(directory)).isEmpty();
        ENDPOINTS.writeTo(directory);
        assertThat(Endpoints.readFrom(directory)).contains(ENDPOINTS);
    }

    @Test
    void shouldKeepTheTokenFromOtherUsers() throws IOException {
        ENDPOINTS.writeTo(directory);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(Endpoints.fileIn(directory))))
                .isEqualTo("rw-------");
    }

    @Test
    void shouldNotShowTokenAndPasswords() {
        // given
        var endpoints = new Endpoints("http://h", "http://a", "hush-token", "http://p", "http://s", "kafka:1",
                "redis://me:hush@r:2", "jdbc:mysql://m:3/firstcome?user=root&password=hush");

        // then
        assertThat(endpoints.toString()).contains("http://h", "r:2", "m:3/firstcome").doesNotContain("hush");
    }

    @Test
    void shouldNameTheEndpointThatAFileLacks() throws IOException {
        Files.writeString(Endpoints.fileIn(directory), "http.url=http://h\n");
        assertThatThrownBy(() -> Endpoints.readFrom(directory)).isInstanceOf(StartFailure.class)
                .hasMessageContaining("admin.url");
    }

    @Test
    void shouldClearWhatEarlierRunsLeft() throws IOException {
        // given
        Path kafka = Files.createDirectories(directory.resolve("kafka/log"));
        Files.writeString(kafka.resolve("segment"), "x");
        ENDPOINTS.writeTo(directory);

        // when
        new StackLayout(directory).clear();

        // then
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void shouldTouchNothingWhereSomethingIsNotItsOwn() throws IOException {
        // given
        ENDPOINTS.writeTo(directory);
        Files.createDirectories(directory.resolve("photos"));

        // when
        assertThatThrownBy(() -> new StackLayout(directory).clear()).isInstanceOf(StartFailure.class)
                .hasMessageContaining("photos");

        // then
        assertThat(Endpoints.fileIn(directory)).exists();
    }
}

package io.firstcome.standalone.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;

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
        // given
        ENDPOINTS.writeTo(directory);

        // when
        Optional<Endpoints> read = Endpoints.readFrom(directory);

        // then
        assertThat(read).contains(ENDPOINTS);
    }

    @Test
    void shouldReadNoEndpointsFromANewDirectory() {
        // when
        Optional<Endpoints> read = Endpoints.readFrom(directory);

        // then
        assertThat(read).isEmpty();
    }

    @Test
    void shouldWriteAFileThatOnlyItsOwnerCanRead() throws IOException {
        // when
        ENDPOINTS.writeTo(directory);

        // then
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(Endpoints.fileIn(directory))))
                .isEqualTo("rw-------");
    }

    @Test
    void shouldNotPrintTokenAndPasswords() {
        // given
        var endpoints = new Endpoints("http://h", "http://a", "hush-token", "http://p", "http://s", "kafka:1",
                "redis://me:hush@r:2", "jdbc:mysql://m:3/firstcome?user=root&password=hush");

        // when
        String printed = endpoints.toString();

        // then
        assertThat(printed).contains("http://h", "r:2", "m:3/firstcome").doesNotContain("hush");
    }

    @Test
    void shouldNameAMissingEndpoint() throws IOException {
        // given
        Files.writeString(Endpoints.fileIn(directory), "http.url=http://h\n");

        // then
        assertThatThrownBy(() -> Endpoints.readFrom(directory)).isInstanceOf(StartFailure.class)
                .hasMessageContaining("admin.url");
    }

    @Test
    void shouldDeleteTheDataOfEarlierRuns() throws IOException {
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
    void shouldDeleteNothingNextToForeignFiles() throws IOException {
        // given
        ENDPOINTS.writeTo(directory);
        Files.createDirectories(directory.resolve("photos"));

        // then
        assertThatThrownBy(() -> new StackLayout(directory).clear()).isInstanceOf(StartFailure.class)
                .hasMessageContaining("photos");
        assertThat(Endpoints.fileIn(directory)).exists();
    }
}

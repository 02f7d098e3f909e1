package io.firstcome.standalone.cli.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.firstcome.kit.service.StartFailure;
import io.firstcome.standalone.stack.Endpoints;
import picocli.CommandLine;

/** Which system the commands work on. A repair of one system must never use a part of another one. */
class ClusterArgumentsTest {

    private static final String KAFKA = "FIRSTCOME_KAFKA_BOOTSTRAP_SERVERS";

    @TempDir
    private Path directory;

    @BeforeEach
    void writeEndpoints() throws IOException {
        Files.writeString(directory.resolve("endpoints.properties"), """
                http.url=http://up:1
                admin.url=http://up:2
                admin.token=of-up
                processor.url=http://up:3
                sink.url=http://up:4
                kafka.bootstrap=up:5
                redis.uri=redis://up:6
                jdbc.url=jdbc:mysql://up:7/firstcome
                """);
    }

    @Test
    void shouldUseTheSystemOfTheDataDirectory() {
        // given
        ClusterArguments arguments = arguments(Map.of(KAFKA, "other:5", "FIRSTCOME_JDBC_URL",
                "jdbc:mysql://other:7/firstcome", "FIRSTCOME_PROCESSOR_URL", "http://other:3"), "--data-dir",
                directory.toString());

        // when, then
        assertThat(arguments.kafka().bootstrap()).isEqualTo("up:5");
        assertThat(arguments.database().jdbcUrl()).isEqualTo("jdbc:mysql://up:7/firstcome");
        assertThat(processor(arguments)).isEqualTo("http://up:3");
    }

    @Test
    void shouldUseTheSystemOfTheVariables() {
        // given
        ClusterArguments arguments = arguments(Map.of(KAFKA, "other:5", "FIRSTCOME_JDBC_URL",
                "jdbc:mysql://other:7/firstcome", "FIRSTCOME_PROCESSOR_URL", "http://other:3"));

        // when, then
        assertThat(arguments.kafka().bootstrap()).isEqualTo("other:5");
        assertThat(arguments.database().jdbcUrl()).isEqualTo("jdbc:mysql://other:7/firstcome");
        assertThat(processor(arguments)).isEqualTo("http://other:3");
    }

    @Test
    void shouldPreferOptionsToVariables() {
        // given
        ClusterArguments arguments = arguments(
                Map.of(KAFKA, "other:5", "FIRSTCOME_JDBC_URL", "jdbc:mysql://other:7/firstcome"), "--kafka", "third:5",
                "--jdbc-url", "jdbc:mysql://third:7/firstcome");

        // when, then
        assertThat(arguments.kafka().bootstrap()).isEqualTo("third:5");
        assertThat(arguments.database().jdbcUrl()).isEqualTo("jdbc:mysql://third:7/firstcome");
    }

    @Test
    void shouldNotTakeAPartOfTheDataDirectoryForAnotherCluster() {
        // given
        ClusterArguments byOption = arguments(Map.of(), "--kafka", "other:5", "--data-dir", directory.toString());
        ClusterArguments byVariable = arguments(Map.of(KAFKA, "other:5"));

        // when, then
        assertThat(List.of(byOption, byVariable)).allSatisfy(arguments -> {
            assertThatThrownBy(arguments::database).isInstanceOf(StartFailure.class)
                    .hasMessage("with --kafka the database must be named too: add --jdbc-url, or set"
                            + " FIRSTCOME_JDBC_URL");
            assertThatThrownBy(() -> processor(arguments)).isInstanceOf(StartFailure.class)
                    .hasMessage("with --kafka the authority must be named too: add --processor-url, or set"
                            + " FIRSTCOME_PROCESSOR_URL");
        });
    }

    @Test
    void shouldLeaveOutAPartThatIsNotNamedBesideACluster() {
        // given
        ClusterArguments other = arguments(Map.of("FIRSTCOME_REDIS_URL", "redis://other:6"), "--kafka", "other:5",
                "--data-dir", directory.toString());
        ClusterArguments up = arguments(Map.of("FIRSTCOME_REDIS_URL", "redis://other:6"), "--data-dir",
                directory.toString());

        // when, then
        assertThat(other.databaseIfNamed()).isEmpty();
        assertThat(other.partIfNamed(Optional.empty(), "FIRSTCOME_REDIS_URL", Endpoints::redis))
                .contains("redis://other:6");
        assertThat(up.partIfNamed(Optional.empty(), "FIRSTCOME_REDIS_URL", Endpoints::redis)).contains("redis://up:6");
        assertThat(up.partIfNamed(Optional.of("redis://third:6"), "FIRSTCOME_REDIS_URL", Endpoints::redis))
                .contains("redis://third:6");
        assertThat(up.databaseIfNamed()).isPresent();
    }

    private static String processor(ClusterArguments arguments) {
        return arguments.part("the authority", "--processor-url", "FIRSTCOME_PROCESSOR_URL", Endpoints::processor);
    }

    private ClusterArguments arguments(Map<String, String> environment, String... options) {
        return CommandLine.populateCommand(new ClusterArguments(() -> environment), options);
    }
}

package io.firstcome.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.firstcome.embedded.BrokerSettings.Node;

/** The brokers of the Compose files run with the settings of the brokers of the tests. */
class ComposeBrokersTest {

    private static final Path REPOSITORY = Path.of("..");
    /**
     * The image of Kafka takes the setting {@code a.b} from {@code KAFKA_A_B}; Kafka UI has {@code KAFKA_CLUSTERS_…}.
     */
    private static final Pattern VARIABLE = Pattern.compile("(?m)^ *KAFKA_(?!CLUSTERS)([A-Z_]+): \"?([^\"\\n]+)\"?$");
    /** Names, ports and directories, which belong to the machine. */
    private static final Set<String> OF_THE_MACHINE = Set.of("node.id", "log.dirs", "listeners",
            "advertised.listeners", "listener.security.protocol.map", "inter.broker.listener.name",
            "controller.listener.names", "controller.quorum.voters");
    /** The tests share a small heap among broker and services. */
    private static final String BUFFER_OF_A_SMALL_HEAP = "log.cleaner.dedupe.buffer.size";
    /** Kafka's default, named in the Compose files because durability depends on it. */
    private static final Map<String, String> NAMED_DEFAULTS = Map.of("unclean.leader.election.enable", "false");

    @ParameterizedTest
    @CsvSource({"docker-compose.yml, 1", "docker-compose.full.yml, 3"})
    void shouldHaveTheSettingsOfTheTestedBrokers(String file, int brokers) throws IOException {
        // given
        List<Node> cluster = IntStream.rangeClosed(1, brokers).mapToObj(id -> new Node(id, id, id)).toList();
        Map<String, String> tested = new TreeMap<>(BrokerSettings.of(Path.of("log"), cluster.getFirst(), cluster));
        tested.remove(BUFFER_OF_A_SMALL_HEAP);
        tested.keySet().removeAll(OF_THE_MACHINE);
        tested.putAll(NAMED_DEFAULTS);

        // when
        Map<String, String> composed = settings(Files.readString(REPOSITORY.resolve(file)));

        // then
        assertThat(composed).isEqualTo(tested);
    }

    private static Map<String, String> settings(String compose) {
        Map<String, String> settings = new TreeMap<>();
        VARIABLE.matcher(compose).results().forEach(match -> {
            String key = match.group(1).toLowerCase(Locale.ROOT).replace('_', '.');
            if (!OF_THE_MACHINE.contains(key)) {
                assertThat(settings.put(key, match.group(2))).as("%s is set twice", key).isNull();
            }
        });
        return settings;
    }
}

package io.firstcome.docs;

import static java.util.stream.Collectors.toMap;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.Yaml;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;

import io.firstcome.contract.json.Json;

/**
 * The files for containers and Kubernetes name settings, services, ports and files that exist. No container engine is
 * needed. {@code ComposeBrokersTest} of embedded-servers compares the settings of the brokers.
 */
class DeploymentFilesTest {

    private static final Path REPOSITORY = Path.of("..");
    private static final Path MANIFESTS = REPOSITORY.resolve("ops/kubernetes");
    private static final String FULL = "docker-compose.full.yml";
    private static final Pattern SETTING = Pattern.compile("FIRSTCOME_[A-Z_]+");
    private static final String SECRET = ".*(PASSWORD|TOKEN)";
    /** An image with a version that has at least two parts, or with one that names a release of Java. */
    private static final Pattern PINNED = Pattern
            .compile("[a-z0-9./_-]+:v?(\\d+\\.\\d+(\\.\\d+)?(-[a-z0-9-]+)?|25-jre-noble)");
    private static final Pattern VARIABLE = Pattern.compile("(?<!\\$)\\$\\{([A-Z_]+)([^}]*)}");
    /** The seconds between SIGTERM and a kill that docs/operations.md names, besides the stop delay. */
    private static final Map<String, Integer> STOP_SECONDS = Map.of("ingress-api", 31, "streams-processor", 30,
            "db-sink", 50);

    @ParameterizedTest
    @ValueSource(strings = {"docker-compose.yml", FULL})
    void shouldMatchTheSchemaOfCompose(String file) {
        // given
        ObjectNode schema = Json.read(resource("/compose/compose-spec.schema.json"), ObjectNode.class);
        // Addresses that the validator does not accept. The dialect is draft 7.
        schema.remove(List.of("$schema", "$id"));

        // when
        var errors = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_7).getSchema(schema)
                .validate(compose(file));

        // then
        assertThat(errors).isEmpty();
    }

    /** Without a version another start could run other programs. */
    @ParameterizedTest
    @ValueSource(strings = {"docker-compose.yml", FULL})
    void shouldPinTheVersionOfEveryImage(String file) {
        assertThat(services(file).values().stream().map(service -> service.path("image").asText(""))
                .filter(Predicate.not(String::isEmpty))).isNotEmpty().allMatch(PINNED.asMatchPredicate());
    }

    @Test
    void shouldPinTheVersionsOfTheImagesThatOursAreBuiltFrom() throws IOException {
        // given
        String dockerfile = Files.readString(REPOSITORY.resolve("Dockerfile"));
        Set<String> stages = Pattern.compile("(?m)^FROM \\S+ AS (\\S+)$").matcher(dockerfile).results()
                .map(it -> it.group(1)).collect(toSet());

        // when
        Stream<String> bases = Pattern.compile("(?m)^FROM (\\S+)").matcher(dockerfile).results()
                .map(it -> it.group(1)).filter(Predicate.not(stages::contains));

        // then
        assertThat(bases).isNotEmpty().allMatch(PINNED.asMatchPredicate());
    }

    /** The version of FirstCome is in {@code pom.xml} alone. */
    @Test
    void shouldLeaveTheVersionOfOurImagesOpen() throws IOException {
        assertThat(manifests().flatMap(DeploymentFilesTest::containers).map(it -> it.path("image").asText()))
                .hasSize(3).allMatch(it -> it.endsWith(":VERSION"));
    }

    /** A stop that takes longer than it may is a kill. */
    @ParameterizedTest
    @CsvSource({"ingress-api, 'ingress-api|ingress-\\d', ingress",
        "streams-processor, 'streams-processor|authority-\\d', authority", "db-sink, 'db-sink|sink-\\d', sink"})
    void shouldGiveEveryServiceTheTimeThatAStopTakes(String service, String names, String pod) throws IOException {
        // given
        String row = Pattern.compile("(?m)^\\| " + service + " \\| .*FIRSTCOME_STOP_DELAY_MS.*$")
                .matcher(Files.readString(REPOSITORY.resolve("docs/operations.md"))).results().findFirst()
                .orElseThrow().group();
        int seconds = Integer.parseInt(row.replaceAll(".*?(\\d+) s(?: by default \\||, if MySQL hangs| \\|).*", "$1"));

        // then
        assertThat(Stream.of("docker-compose.yml", FULL).flatMap(file -> services(file).entrySet().stream())
                .filter(it -> it.getKey().matches(names)).map(Map.Entry::getValue)).hasSize(3)
                .allSatisfy(it -> assertThat(seconds(it.path("stop_grace_period").asText()))
                        .isGreaterThanOrEqualTo(seconds + stopDelay(it.path("environment"))));
        int delayOfPods = manifests().filter(it -> it.path("kind").asText().equals("ConfigMap"))
                .mapToInt(it -> stopDelay(it.path("data"))).sum();
        assertThat(manifests().filter(it -> it.at("/spec/template/metadata/labels/app.kubernetes.io~1name").asText()
                .equals(pod))).singleElement()
                .satisfies(it -> assertThat(it.at("/spec/template/spec/terminationGracePeriodSeconds").asInt())
                        .isGreaterThanOrEqualTo(seconds + delayOfPods));
    }

    private static int seconds(String duration) {
        assertThat(duration).matches("\\d+s");
        return Integer.parseInt(duration.replace("s", ""));
    }

    /** In whole seconds. */
    private static int stopDelay(JsonNode settings) {
        return settings.path("FIRSTCOME_STOP_DELAY_MS").asInt(0) / 1000;
    }

    /** {@code EmbeddedRedis} has these options too, except the limit of the memory. */
    @Test
    void shouldRunRedisWithTheOptionsOfTheTests() throws IOException {
        // given
        String tested = Files.readString(REPOSITORY
                .resolve("embedded-servers/src/main/java/io/firstcome/embedded/EmbeddedRedis.java"));
        Map<String, String> options = Map.of("save", "", "appendonly", "no", "maxmemory-policy", "noeviction",
                "lazyfree-lazy-expire", "yes");

        // when
        List<String> small = texts(services("docker-compose.yml").get("redis").path("command")).toList();
        String full = Files.readString(REPOSITORY.resolve("ops/compose/redis/server.sh"));

        // then
        assertThat(options).allSatisfy((name, value) -> {
            assertThat(tested).contains("\"--" + name + "\", \"" + value + "\"");
            assertThat(small).containsSequence("--" + name, value);
            assertThat(full).contains("echo '" + name + " " + (value.isEmpty() ? "\"\"" : value) + "'");
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"docker-compose.yml", FULL})
    void shouldUseKnownSettingsInCompose(String file) throws IOException {
        // when
        Stream<String> used = services(file).values().stream()
                .flatMap(service -> service.path("environment").propertyStream().map(Map.Entry::getKey));

        // then
        assertKnown(used.filter(name -> name.startsWith("FIRSTCOME_")));
    }

    @Test
    void shouldUseKnownSettingsInTheImages() throws IOException {
        assertKnown(matches(SETTING, Files.readString(REPOSITORY.resolve("Dockerfile"))));
    }

    @Test
    void shouldUseKnownSettingsInKubernetes() throws IOException {
        // when
        Stream<String> used = manifests().flatMap(object -> Stream.concat(
                object.path("data").propertyStream().map(Map.Entry::getKey),
                containers(object).flatMap(it -> it.path("env").valueStream()).map(it -> it.path("name").asText())));

        // then
        assertKnown(used.filter(name -> !name.equals("POD_NAME")));
    }

    private static void assertKnown(Stream<String> used) throws IOException {
        String known = SettingsPage.text();
        assertThat(used.distinct()).isNotEmpty()
                .allSatisfy(name -> assertThat(known).contains("| `" + name + "` |"));
    }

    /** A secret that every reader of the repository knows protects nothing. */
    @ParameterizedTest
    @ValueSource(strings = {"docker-compose.yml", FULL})
    void shouldHaveNoDefaultSecrets(String file) throws IOException {
        // given
        String secrets = Files.readString(REPOSITORY.resolve("ops/compose/make-env"));

        // when
        List<MatchResult> variables = VARIABLE.matcher(Files.readString(REPOSITORY.resolve(file))).results()
                .filter(it -> it.group(1).matches(SECRET)).toList();
        Stream<JsonNode> values = services(file).values().stream()
                .flatMap(service -> service.path("environment").propertyStream())
                .filter(it -> it.getKey().matches(SECRET) && !it.getKey().contains("RANDOM"))
                .map(Map.Entry::getValue);

        // then
        assertThat(variables).isNotEmpty().allSatisfy(it -> {
            assertThat(it.group(2)).as(it.group()).startsWith(":?");
            assertThat(secrets).contains(it.group(1));
        });
        assertThat(values).isNotEmpty().allSatisfy(it -> assertThat(it.asText()).matches(VARIABLE));
    }

    @Test
    void shouldReferToSecretsOfKubernetesByName() throws IOException {
        assertThat(manifests()).noneMatch(object -> object.path("kind").asText().equals("Secret"));
        assertThat(manifests().flatMap(DeploymentFilesTest::containers).flatMap(it -> it.path("env").valueStream())
                .filter(it -> it.path("name").asText().matches(".*(PASSWORD|TOKEN|REDIS_URL|DB_USER)")))
                .hasSize(4).allSatisfy(it -> assertThat(it.at("/valueFrom/secretKeyRef/name").asText()).isNotEmpty());
    }

    @ParameterizedTest
    @ValueSource(strings = {"docker-compose.yml", FULL})
    void shouldMountExistingFiles(String file) throws IOException {
        // when
        Stream<String> sources = services(file).values().stream().flatMap(service -> texts(service.path("volumes")))
                .map(it -> it.split(":")[0]).filter(it -> it.startsWith("./"));

        // then
        assertThat(sources).isNotEmpty().allSatisfy(it -> assertThat(REPOSITORY.resolve(it)).exists());
    }

    /** The ports are for this machine only, and the table of the page lists each of them. */
    @ParameterizedTest
    @ValueSource(strings = {"docker-compose.yml", FULL})
    void shouldListEveryPort(String file) throws IOException {
        // given
        String page = Files.readString(REPOSITORY.resolve("docs/containers.md"));
        String table = page.substring(page.indexOf("\n## Ports"), page.indexOf("\n## The images"));

        // when
        List<String> published = services(file).values().stream().flatMap(service -> texts(service.path("ports")))
                .toList();

        // then
        assertThat(published).isNotEmpty().doesNotHaveDuplicates().allSatisfy(port -> {
            assertThat(port).startsWith("127.0.0.1:");
            assertThat(table).contains("| " + port.split(":")[1] + " |");
        });
    }

    @Test
    void shouldListNoPortThatIsNotPublished() throws IOException {
        // given
        String page = Files.readString(REPOSITORY.resolve("docs/containers.md"));
        Set<String> published = Stream.of("docker-compose.yml", FULL).flatMap(file -> services(file).values().stream())
                .flatMap(service -> texts(service.path("ports"))).map(it -> it.split(":")[1]).collect(toSet());

        // when
        Stream<String> listed = Pattern.compile("(?m)^\\| (\\d+) \\|").matcher(page).results().map(it -> it.group(1));

        // then
        assertThat(listed).containsExactlyInAnyOrderElementsOf(published);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"haproxy.cfg", "prometheus.yml", "otel-collector.yaml", "grafana/datasources/datasources.yaml"})
    void shouldAddressServicesOfTheFile(String configuration) throws IOException {
        // given
        Set<String> services = services(FULL).keySet();
        String text = Files.readString(REPOSITORY.resolve("ops/compose").resolve(configuration));

        // when
        Stream<String> hosts = matches(Pattern.compile("(?<=[\" /])[a-z][a-z0-9-]+(?=:[0-9]{4}\\b)"), text);

        // then
        assertThat(hosts).isNotEmpty().isSubsetOf(services);
    }

    /** Without a profile the file starts the whole system; everything that only observes it has the profile. */
    @Test
    void shouldStartTheSystemWithoutAProfile() throws IOException {
        // when
        Set<String> unprofiled = services(FULL).entrySet().stream()
                .filter(service -> service.getValue().path("profiles").isMissingNode()).map(Map.Entry::getKey)
                .collect(toSet());

        // then
        assertThat(unprofiled).containsExactlyInAnyOrder("kafka-1", "kafka-2", "kafka-3", "redis-1", "redis-2",
                "sentinel-1", "sentinel-2", "sentinel-3", "mysql-1", "mysql-2", "authority-1", "authority-2",
                "ingress-1", "ingress-2", "sink-1", "sink-2", "proxy");
    }

    @Test
    void shouldTrustTheAddressOfTheProxyOnly() throws IOException {
        // given
        Map<String, JsonNode> services = services(FULL);

        // when
        String address = services.get("proxy").at("/networks/firstcome/ipv4_address").asText();

        // then
        assertThat(address).isNotEmpty();
        assertThat(List.of("ingress-1", "ingress-2")).allSatisfy(ingress -> assertThat(
                services.get(ingress).at("/environment/FIRSTCOME_TRUSTED_PROXIES").asText()).isEqualTo(address));
    }

    @Test
    void shouldSelectPodsThatExist() throws IOException {
        // given
        Set<String> labels = manifests().map(it -> it.at("/spec/template/metadata/labels/app.kubernetes.io~1name"))
                .filter(Predicate.not(JsonNode::isMissingNode)).map(JsonNode::asText).collect(toSet());

        // when
        Stream<String> selected = manifests().flatMap(it -> it.findValuesAsText("app.kubernetes.io/name").stream());

        // then
        assertThat(labels).containsExactlyInAnyOrder("ingress", "authority", "sink");
        assertThat(selected).isSubsetOf(labels);
    }

    @Test
    void shouldProbeAndConfineEveryContainer() throws IOException {
        assertThat(manifests().flatMap(DeploymentFilesTest::containers)).hasSize(3).allSatisfy(container -> {
            assertThat(container.at("/startupProbe/httpGet/path").asText()).isEqualTo("/livez");
            assertThat(container.at("/livenessProbe/httpGet/path").asText()).isEqualTo("/livez");
            assertThat(container.at("/readinessProbe/httpGet/path").asText()).isEqualTo("/readyz");
            assertThat(container.at("/securityContext/readOnlyRootFilesystem").asBoolean()).isTrue();
            assertThat(container.at("/securityContext/allowPrivilegeEscalation").asBoolean(true)).isFalse();
            assertThat(container.at("/resources/limits/memory").asText()).isNotEmpty();
        });
        assertThat(manifests().filter(it -> it.at("/spec/template").isObject())).allSatisfy(
                it -> assertThat(it.at("/spec/template/spec/securityContext/runAsNonRoot").asBoolean()).isTrue());
    }

    /** Only programs of operators reach the operators' port. */
    @Test
    void shouldKeepTheOperatorsPortInside() throws IOException {
        // when
        List<JsonNode> rules = manifests().filter(it -> it.path("kind").asText().equals("NetworkPolicy"))
                .flatMap(it -> it.at("/spec/ingress").valueStream())
                .filter(rule -> rule.path("ports").findValuesAsText("port").contains("8081")).toList();

        // then
        assertThat(rules).hasSize(1);
        assertThat(rules.getFirst().path("ports")).hasSize(1);
        assertThat(rules.getFirst().path("from")).hasSize(1);
        assertThat(rules.getFirst().at("/from/0/podSelector/matchLabels/firstcome.io~1operator").asText())
                .isEqualTo("true");
    }

    @ParameterizedTest
    @ValueSource(strings = {"docker-compose.yml", FULL})
    void shouldGiveContainersTimeToStop(String file) {
        // when
        List<JsonNode> own = services(file).values().stream()
                .filter(it -> STOP_SECONDS.containsKey(it.at("/build/target").asText())).toList();

        // then
        assertThat(own).hasSizeGreaterThanOrEqualTo(STOP_SECONDS.size()).allSatisfy(
                it -> assertThat(Integer.parseInt(it.path("stop_grace_period").asText().replace("s", "")))
                        .as(it.at("/build/target").asText())
                        .isGreaterThanOrEqualTo(STOP_SECONDS.get(it.at("/build/target").asText())
                                + it.at("/environment/FIRSTCOME_STOP_DELAY_MS").asInt() / 1000));
    }

    @Test
    void shouldGivePodsTimeToStop() throws IOException {
        // given
        int delay = manifests().mapToInt(it -> it.at("/data/FIRSTCOME_STOP_DELAY_MS").asInt()).max().orElseThrow();

        // when
        List<JsonNode> pods = manifests().map(it -> it.at("/spec/template/spec"))
                .filter(it -> it.path("containers").isArray()).toList();

        // then
        assertThat(pods).hasSameSizeAs(STOP_SECONDS.keySet()).allSatisfy(pod -> {
            String service = pod.at("/containers/0/image").asText().replaceAll(".*/([a-z-]+):.*", "$1");
            assertThat(pod.path("terminationGracePeriodSeconds").asInt()).as(service)
                    .isGreaterThanOrEqualTo(STOP_SECONDS.get(service) + delay / 1000);
        });
    }

    /** {@code coupon create} and {@code status} ask both ports. */
    @Test
    void shouldLetProgramsOfOperatorsReachBothPorts() throws IOException {
        // given
        String label = "/podSelector/matchLabels/firstcome.io~1operator";
        List<JsonNode> policies = manifests().filter(it -> it.path("kind").asText().equals("NetworkPolicy")).toList();

        // when
        Stream<JsonNode> in = policies.stream().flatMap(it -> it.at("/spec/ingress").valueStream())
                .filter(rule -> rule.path("from").valueStream().anyMatch(it -> it.at(label).asText().equals("true")));
        Stream<JsonNode> out = policies.stream().filter(it -> it.path("spec").at(label).asText().equals("true"))
                .flatMap(it -> it.at("/spec/egress").valueStream()).filter(rule -> rule.has("to"));

        // then
        assertThat(in.flatMap(rule -> rule.path("ports").findValuesAsText("port").stream()))
                .containsExactlyInAnyOrder("8080", "8081");
        assertThat(out.flatMap(rule -> rule.path("ports").findValuesAsText("port").stream()))
                .containsExactlyInAnyOrder("8080", "8081");
    }

    private static Stream<JsonNode> containers(JsonNode object) {
        return object.at("/spec/template/spec/containers").valueStream();
    }

    /** All objects of the manifests. */
    static Stream<JsonNode> manifests() throws IOException {
        try (Stream<Path> files = Files.list(MANIFESTS)) {
            return files.filter(file -> file.toString().endsWith(".yaml")).sorted()
                    .flatMap(file -> StreamSupport.stream(new Yaml().loadAll(read(file)).spliterator(), false))
                    .map(object -> Json.mapper().<JsonNode>valueToTree(object)).toList().stream();
        }
    }

    /** The services of a Compose file, with its anchors and merges resolved. */
    private static Map<String, JsonNode> services(String file) {
        return compose(file).path("services").propertyStream()
                .collect(toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    private static JsonNode compose(String file) {
        return Json.mapper().valueToTree(new Yaml().load(read(REPOSITORY.resolve(file))));
    }

    private static byte[] resource(String name) {
        try (InputStream file = DeploymentFilesTest.class.getResourceAsStream(name)) {
            return file.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Stream<String> texts(JsonNode list) {
        return list.valueStream().map(JsonNode::asText);
    }

    private static Stream<String> matches(Pattern pattern, String text) {
        return pattern.matcher(text).results().map(MatchResult::group).distinct();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

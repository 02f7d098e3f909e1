package io.firstcome.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import com.fasterxml.jackson.databind.JsonNode;

import io.firstcome.contract.json.Json;
import io.firstcome.standalone.stack.Endpoints;

/** The programs of {@code docs/clients} against a running stack, through a proxy that refuses and loses requests. */
@ExtendWith(SharedStack.class)
@ResourceLock(value = SharedStack.LOCK, mode = ResourceAccessMode.READ)
class ClientExamplesTest {

    private static final Path EXAMPLES = Path.of("..", "docs", "clients");
    private static final Path JAVA = Path.of(System.getProperty("java.home"), "bin", "java");
    private static final int EXIT_TIMEOUT_SECONDS = 60;

    /** What each client did. The clients run at the same time, because they mostly wait. */
    private static Map<Client, CompletableFuture<Runs>> runs = Map.of();

    enum Client {
        CURL("curl", "bash", "claim.sh"),
        JAVA(ClientExamplesTest.JAVA.toString(), ClientExamplesTest.JAVA.toString(), "Claim.java"),
        PYTHON("python3", "python3", "claim.py"),
        JAVASCRIPT("node", "node", "claim.mjs");

        private final String required;
        private final String interpreter;
        private final String program;

        Client(String required, String interpreter, String program) {
            this.required = required;
            this.interpreter = interpreter;
            this.program = program;
        }

        /** A key names one request of all coupons. */
        String key() {
            return "key-of-" + name();
        }

        boolean isInstalled() {
            return Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
                    .anyMatch(folder -> Files.isExecutable(Path.of(folder).resolve(required)));
        }

        Result run(String url, String coupon, String user, String key) throws IOException, InterruptedException {
            List<String> command = List.of(interpreter, EXAMPLES.resolve(program).toString(), url, coupon, user, key);
            Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            String printed = new String(process.getInputStream().readAllBytes(), UTF_8);
            assertThat(process.waitFor(EXIT_TIMEOUT_SECONDS, TimeUnit.SECONDS)).isTrue();
            return new Result(printed, process.exitValue());
        }
    }

    record Result(String printed, int exitCode) {

        String value(String member) throws IOException {
            return Json.mapper().readTree(printed).path(member).asText();
        }
    }

    /** The run through the proxy, what the proxy received in it, and the run after the sell-out. */
    record Runs(Result issued, List<UnreliableProxy.Received> received, Result rejected) {}

    @BeforeAll
    static void runTheClients(Endpoints endpoints) {
        try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            runs = Arrays.stream(Client.values()).filter(Client::isInstalled).collect(toMap(client -> client,
                    client -> CompletableFuture.supplyAsync(() -> run(client, endpoints), executor)));
        }
    }

    private static Runs run(Client client, Endpoints endpoints) {
        String coupon = "client-" + client.program.replaceAll("\\W", "-");
        try (var proxy = new UnreliableProxy(endpoints.http())) {
            define(endpoints, coupon);
            Result issued = client.run(proxy.url(), coupon, "auth0|first", client.key());
            return new Runs(issued, proxy.received(),
                    client.run(endpoints.http() + "/", coupon, "second", client.key() + "-of-second"));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(client + " was interrupted", e);
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldRepeatTheClaimUnderTheSameKey(Client client) throws IOException {
        // given
        assumeTrue(client.isInstalled(), client.required + " is not on the PATH");

        // when
        Runs result = runs.get(client).join();

        // then
        assertThat(result.issued().exitCode()).as(result.issued().printed()).isZero();
        assertThat(result.issued().value("status")).isEqualTo("ISSUED");
        assertThat(result.issued().value("sequence")).isEqualTo("1");
        assertThat(result.received()).extracting(UnreliableProxy.Received::method)
                .containsExactly("POST", "POST", "POST", "GET", "GET");
        assertThat(result.received()).filteredOn(it -> it.method().equals("POST"))
                .extracting(UnreliableProxy.Received::key).containsOnly(client.key());
    }

    @ParameterizedTest
    @EnumSource
    void shouldWaitAsLongAsRetryAfterSays(Client client) {
        // given
        assumeTrue(client.isInstalled(), client.required + " is not on the PATH");

        // when
        List<UnreliableProxy.Received> received = runs.get(client).join().received();

        // then
        assertThat(TimeUnit.NANOSECONDS.toMillis(received.get(1).nanos() - received.get(0).nanos()))
                .isGreaterThanOrEqualTo(TimeUnit.SECONDS.toMillis(UnreliableProxy.RETRY_AFTER_SECONDS));
    }

    @ParameterizedTest
    @EnumSource
    void shouldReportARejection(Client client) throws IOException {
        // given
        assumeTrue(client.isInstalled(), client.required + " is not on the PATH");

        // when
        Result rejected = runs.get(client).join().rejected();

        // then
        assertThat(rejected.exitCode()).as(rejected.printed()).isOne();
        assertThat(rejected.value("type")).isEqualTo("urn:firstcome:problem:sold-out");
    }

    private static void define(Endpoints endpoints, String coupon) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create(endpoints.admin() + "/v1/coupons/" + coupon))
                .header("Authorization", "Bearer " + endpoints.adminToken())
                .header("Content-Type", "application/json").PUT(BodyPublishers.ofString(
                        """
                                {"name":"Tea","stock":1,"opensAt":"2026-01-01T00:00:00Z",\
                                "closesAt":"2096-01-01T00:00:00Z"}"""));
        try (var client = HttpClient.newHttpClient()) {
            HttpResponse<String> answer = client.send(request.build(), BodyHandlers.ofString());
            JsonNode defined = Json.mapper().readTree(answer.body());
            assertThat(defined.path("remaining").asInt()).as(answer.body()).isOne();
        }
    }
}

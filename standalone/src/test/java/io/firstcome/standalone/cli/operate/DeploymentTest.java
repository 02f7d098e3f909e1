package io.firstcome.standalone.cli.operate;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import com.sun.net.httpserver.HttpServer;

import io.firstcome.kit.service.StartFailure;
import io.firstcome.standalone.cli.terminal.CommandFailure;
import picocli.CommandLine;

/** Which system a command speaks to, and with which token. */
class DeploymentTest {

    @TempDir
    private Path directory;

    private final List<String> tokens = new CopyOnWriteArrayList<>();
    private HttpServer server;

    @BeforeEach
    void startServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        server.createContext("/", exchange -> {
            tokens.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
            byte[] body = "{}".getBytes(UTF_8);
            exchange.sendResponseHeaders(exchange.getRequestURI().getPath().equals("/secret") ? 401 : 200, body.length);
            try (var out = exchange.getResponseBody()) {
                out.write(body);
            }
        });
        server.start();
    }

    @AfterEach
    void stopServer() {
        server.stop(0);
    }

    @Test
    void shouldUseTheAddressesAndTheTokenThatUpWrote() throws Exception {
        // given
        writeEndpoints(url());
        Deployment deployment = deployment(Map.of());

        // when
        deployment.askOperatorsPort(client -> client.get("/"));

        // then
        assertThat(tokens).containsExactly("Bearer of-up");
    }

    @Test
    void shouldSendTheTokenOfUpToNoOtherServer() throws Exception {
        // given
        writeEndpoints("http://127.0.0.1:1");
        Deployment deployment = deployment(Map.of(), "--admin-url", url());

        // then
        assertThatThrownBy(() -> deployment.askOperatorsPort(client -> client.get("/")))
                .isInstanceOf(StartFailure.class)
                .hasMessage("the token of " + url() + " is not known; name a file that contains it with --token-file,"
                        + " or set FIRSTCOME_ADMIN_TOKEN");
        assertThat(tokens).isEmpty();
    }

    @Test
    void shouldReadTheTokenFromAFile() throws Exception {
        // given
        Path file = Files.writeString(directory.resolve("token"), "of-file\n");
        Deployment deployment = deployment(Map.of("FIRSTCOME_ADMIN_TOKEN", "of-variable"), "--admin-url", url() + "/",
                "--token-file", file.toString());

        // when
        deployment.askOperatorsPort(client -> client.get("/"));

        // then
        assertThat(tokens).containsExactly("Bearer of-file");
    }

    @Test
    void shouldPreferVariablesToWhatUpWrote() {
        // given
        writeEndpoints("http://127.0.0.1:1");
        Deployment deployment = deployment(Map.of("FIRSTCOME_ADMIN_URL", "https://coupons.example.com/"));

        // when
        URI operators = deployment.operatorsUrl();

        // then
        assertThat(operators).hasToString("https://coupons.example.com");
        assertThat(deployment.callersUrl()).hasToString("http://127.0.0.1:2");
    }

    @Test
    void shouldSayWhatToDoWhenNothingAnswers() {
        // given
        Deployment deployment = deployment(Map.of("FIRSTCOME_ADMIN_TOKEN", "t"), "--admin-url", "http://127.0.0.1:1");

        // then
        assertThatThrownBy(() -> deployment.askOperatorsPort(client -> client.get("/")))
                .isInstanceOf(CommandFailure.class)
                .hasMessage("Nothing answers at http://127.0.0.1:1; start with ./firstcome up, or name the address with"
                        + " --admin-url");
    }

    @Test
    void shouldSayWhatToDoWithAWrongToken() {
        // given
        Deployment deployment = deployment(Map.of("FIRSTCOME_ADMIN_TOKEN", "wrong"), "--admin-url", url());

        // then
        assertThatThrownBy(() -> deployment.askOperatorsPort(client -> client.get("/secret")))
                .isInstanceOf(CommandFailure.class).hasMessageContaining("--token-file")
                .hasMessageNotContaining("wrong");
    }

    @Test
    void shouldSayWhatToDoWithoutAnySystem() {
        // given
        Deployment deployment = deployment(Map.of());

        // then
        assertThatThrownBy(deployment::callersUrl).isInstanceOf(StartFailure.class)
                .hasMessageContainingAll("no ./firstcome up has used", "--url or FIRSTCOME_URL");
    }

    private String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private Deployment deployment(Map<String, String> environment, String... arguments) {
        Deployment deployment = new Deployment(() -> environment);
        List<String> all = new ArrayList<>(List.of("--data-dir", directory.toString()));
        all.addAll(List.of(arguments));
        new CommandLine(deployment).parseArgs(all.toArray(String[]::new));
        return deployment;
    }

    private void writeEndpoints(String admin) {
        try {
            Files.writeString(directory.resolve("endpoints.properties"), """
                    http.url=http://127.0.0.1:2
                    admin.url=%s
                    admin.token=of-up
                    processor.url=http://127.0.0.1:3
                    sink.url=http://127.0.0.1:4
                    kafka.bootstrap=127.0.0.1:5
                    redis.uri=redis://127.0.0.1:6
                    jdbc.url=jdbc:mysql://127.0.0.1:7/firstcome
                    """.formatted(admin));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

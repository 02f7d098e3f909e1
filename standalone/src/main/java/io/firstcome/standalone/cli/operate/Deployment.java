package io.firstcome.standalone.cli.operate;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpConnectTimeoutException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

import io.firstcome.kit.service.Environment;
import io.firstcome.kit.service.StartFailure;
import io.firstcome.standalone.client.ApiAnswer;
import io.firstcome.standalone.client.ApiClient;
import io.firstcome.standalone.cli.terminal.CallerDirectory;
import io.firstcome.standalone.cli.terminal.CommandFailure;
import io.firstcome.standalone.cli.terminal.ExitCode;
import io.firstcome.standalone.cli.terminal.HttpUrl;
import io.firstcome.standalone.cli.terminal.TokenFile;
import io.firstcome.standalone.stack.Endpoints;
import picocli.CommandLine.Option;

/**
 * The options that name a running system: its addresses, or the data directory of {@code up}. An option precedes an
 * environment variable, and a variable precedes what {@code up} wrote.
 */
public final class Deployment {

    @Option(names = "--data-dir", paramLabel = "DIR", converter = CallerDirectory.Converter.class,
            defaultValue = Endpoints.DEFAULT_DIRECTORY,
            description = "Data directory of a running ./firstcome up (${DEFAULT-VALUE}). Its addresses and token are"
                    + " used where no other is named.")
    private Path dataDirectory;

    @Option(names = "--url", paramLabel = "URL",
            description = "The public API, such as http://127.0.0.1:8080. Variable: FIRSTCOME_URL.")
    private Optional<String> url;

    @Option(names = "--admin-url", paramLabel = "URL",
            description = "The operators' API, such as http://127.0.0.1:8081. Variable: FIRSTCOME_ADMIN_URL.")
    private Optional<String> adminUrl;

    @Option(names = "--token-file", paramLabel = "FILE",
            description = "File with the operators' token. Variable with the token itself: FIRSTCOME_ADMIN_TOKEN.")
    private Optional<Path> tokenFile;

    private final Supplier<Map<String, String>> environment;

    /** Reads the environment of the process. */
    public Deployment() {
        this(Environment::read);
    }

    Deployment(Supplier<Map<String, String>> environment) {
        this.environment = environment;
    }

    /** A request to one port. */
    @FunctionalInterface
    public interface Call {

        /** @throws IOException when there is no complete answer */
        ApiAnswer send(ApiClient client) throws IOException, InterruptedException;
    }

    /** The public API, without a token. */
    public ApiClient callers() {
        return callers(Optional.empty());
    }

    /** @param userTokenFile a file with the token of a user, where callers are users */
    ApiClient callers(Optional<Path> userTokenFile) {
        URI server = callersUrl();
        return new ApiClient(server, userTokenFile.map(file -> TokenFile.read("--user-token-file", file)));
    }

    /** The URL of the public API. */
    public URI callersUrl() {
        return address(url, "FIRSTCOME_URL", "--url", Endpoints::http);
    }

    /** The operators' API, with the token. */
    public ApiClient operators() {
        URI server = operatorsUrl();
        return new ApiClient(server, Optional.of(token(server)));
    }

    /** The URL of the operators' API. */
    public URI operatorsUrl() {
        return address(adminUrl, "FIRSTCOME_ADMIN_URL", "--admin-url", Endpoints::admin);
    }

    /** Sends one request to the public API. */
    public ApiAnswer askCallersPort(Call call) throws InterruptedException {
        try (ApiClient client = callers()) {
            return ask(client, call, "--url");
        }
    }

    /** Sends one request to the operators' API. */
    public ApiAnswer askOperatorsPort(Call call) throws InterruptedException {
        try (ApiClient client = operators()) {
            ApiAnswer answer = ask(client, call, "--admin-url");
            if (answer.status() == 401) {
                throw new CommandFailure(ExitCode.CANNOT, client.server() + " does not accept the token; name the file"
                        + " with its token with --token-file, or set FIRSTCOME_ADMIN_TOKEN");
            }
            return answer;
        }
    }

    private static ApiAnswer ask(ApiClient client, Call call, String option) throws InterruptedException {
        try {
            return call.send(client);
        } catch (IOException e) {
            throw unreachable(client.server(), option, e);
        }
    }

    /** What to do when a server does not answer. */
    public static CommandFailure unreachable(URI server, String option, IOException cause) {
        boolean refused = cause instanceof ConnectException || cause instanceof HttpConnectTimeoutException;
        // A command whose answer was lost may have taken effect.
        return new CommandFailure(refused ? ExitCode.CANNOT : ExitCode.UNKNOWN, (refused
                ? "Nothing answers at " + server
                : "No complete answer from " + server + " (" + cause + ")")
                + "; start with ./firstcome up, or name the address with " + option);
    }

    private URI address(Optional<String> option, String variable, String name, Function<Endpoints, String> written) {
        String text = option.or(() -> Optional.ofNullable(environment.get().get(variable)).filter(it -> !it.isBlank()))
                .orElseGet(() -> written.apply(endpoints().orElseThrow(() -> new StartFailure(
                        "no ./firstcome up has used the data directory " + dataDirectory
                                + "; start one, or name the address with " + name + " or " + variable))));
        return HttpUrl.parse(name, text);
    }

    /** The token that {@code up} wrote is sent to no other server than that of the same {@code up}. */
    private String token(URI server) {
        return tokenFile.map(file -> TokenFile.read("--token-file", file))
                .or(() -> Optional.ofNullable(environment.get().get("FIRSTCOME_ADMIN_TOKEN"))
                        .map(it -> TokenFile.valid("FIRSTCOME_ADMIN_TOKEN", it)))
                .or(() -> endpoints().filter(it -> it.admin().equals(server.toString())).map(Endpoints::adminToken))
                .orElseThrow(
                        () -> new StartFailure("the token of " + server + " is not known; name a file that contains"
                                + " it with --token-file, or set FIRSTCOME_ADMIN_TOKEN"));
    }

    private Optional<Endpoints> endpoints() {
        return Endpoints.readFrom(dataDirectory);
    }
}

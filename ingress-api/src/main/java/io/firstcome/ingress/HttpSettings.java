package io.firstcome.ingress;

import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;

import io.firstcome.ingress.admin.AdminToken;
import io.firstcome.kit.settings.Setting;

/**
 * The ports of the ingress, its operators, and the services that it forwards queries to.
 *
 * @param host the address to listen on
 * @param port the callers' port, or 0 for a free one
 * @param adminHost the address that the operators' port listens on
 * @param adminPort the operators' port, or 0 for a free one
 * @param adminToken authenticates operators
 * @param adminFailuresPerMinute how many wrong tokens of one address are answered 401 and not 429
 * @param adminTimeout how long an operator's command waits for the authority's decision
 * @param processors the base URLs of the authority's instances
 * @param sinks the base URLs of the sink's instances
 */
public record HttpSettings(
        String host,
        int port,
        String adminHost,
        int adminPort,
        AdminToken adminToken,
        int adminFailuresPerMinute,
        Duration adminTimeout,
        List<URI> processors,
        List<URI> sinks) {

    private static final Setting<String> HOST = Setting.text("FIRSTCOME_HTTP_HOST", "127.0.0.1",
            "The address that the callers' port listens on, 0.0.0.0 for all.");
    private static final Setting<Integer> PORT = Setting.port("FIRSTCOME_HTTP_PORT", 8080, "The callers' port.");
    private static final Setting<String> ADMIN_HOST = Setting.optionalText("FIRSTCOME_ADMIN_HOST", "",
            "The address that the operators' port listens on. Empty: FIRSTCOME_HTTP_HOST.");
    private static final Setting<Integer> ADMIN_PORT = Setting.port("FIRSTCOME_ADMIN_PORT", 8081,
            "The operators' port.");
    private static final Setting<AdminToken> ADMIN_TOKEN = new Setting<>("FIRSTCOME_ADMIN_TOKEN", "", Setting.SECRET,
            "The bearer token of operators. The ingress does not start without it or with one that is easy to guess.",
            AdminToken::new);
    private static final Setting<Integer> ADMIN_FAILURES = Setting.number("FIRSTCOME_ADMIN_FAILURES_PER_MINUTE", 10, 1,
            1_000_000,
            "tokens per minute",
            "How many wrong tokens of one address are answered 401; further wrong ones are answered 429.");
    private static final Setting<Duration> ADMIN_TIMEOUT = Setting.millis("FIRSTCOME_ADMIN_TIMEOUT_MS", 10_000, 100,
            60_000,
            "How long an operator's command waits for the authority's decision before it is answered 503"
                    + " outcome-unknown.");
    private static final Setting<List<URI>> PROCESSOR = new Setting<>("FIRSTCOME_PROCESSOR_URL",
            "http://127.0.0.1:8082",
            "URLs",
            "The base URL of the processor's query port; of several instances, separated by commas. An instance that"
                    + " does not answer is passed over.",
            HttpSettings::urls);
    private static final Setting<List<URI>> SINK = new Setting<>("FIRSTCOME_SINK_URL", "http://127.0.0.1:8083", "URLs",
            "The base URL of the sink's query port; of several instances, separated by commas. An instance that does"
                    + " not answer is passed over.",
            HttpSettings::urls);

    /** All settings, for the documentation. */
    public static final List<Setting<?>> ALL = List.of(HOST, PORT, ADMIN_HOST, ADMIN_PORT, ADMIN_TOKEN, ADMIN_FAILURES,
            ADMIN_TIMEOUT, PROCESSOR, SINK);

    /** The settings of an environment. */
    public static HttpSettings from(Map<String, String> environment) {
        String host = HOST.from(environment);
        String adminHost = ADMIN_HOST.from(environment);
        return new HttpSettings(host, PORT.from(environment), adminHost.isEmpty() ? host : adminHost,
                ADMIN_PORT.from(environment),
                ADMIN_TOKEN.from(environment), ADMIN_FAILURES.from(environment), ADMIN_TIMEOUT.from(environment),
                PROCESSOR.from(environment), SINK.from(environment));
    }

    private static List<URI> urls(String text) {
        List<URI> urls = Arrays.stream(text.split(",", -1)).map(String::strip).map(HttpSettings::url).toList();
        if (new HashSet<>(urls).size() < urls.size()) {
            throw new IllegalArgumentException("must not name a URL twice");
        }
        return urls;
    }

    private static URI url(String text) {
        URI url = URI.create(text);
        if (!("http".equals(url.getScheme()) || "https".equals(url.getScheme())) || url.getHost() == null
                || url.getRawUserInfo() != null) {
            throw new IllegalArgumentException("must look like http://host:port, without credentials");
        }
        return url;
    }
}

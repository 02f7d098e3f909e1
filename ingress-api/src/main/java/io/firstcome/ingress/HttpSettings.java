package io.firstcome.ingress;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import io.firstcome.ingress.admin.AdminToken;
import io.firstcome.kit.settings.Setting;

/**
 * Where the ingress answers, and whom it asks.
 *
 * @param host the address to listen on
 * @param port the callers' port, or 0 for a free one
 * @param adminHost the address to listen on for operators
 * @param adminPort the operators' port, or 0 for a free one
 * @param adminToken what operators must know
 * @param adminFailuresPerMinute how many wrong tokens of one address are looked at
 * @param adminPatience how long an operator waits for the authority's decision
 * @param processor where the authority answers queries
 * @param sink where the sink answers queries
 */
public record HttpSettings(
        String host,
        int port,
        String adminHost,
        int adminPort,
        AdminToken adminToken,
        int adminFailuresPerMinute,
        Duration adminPatience,
        URI processor,
        URI sink) {

    private static final Setting<String> HOST = Setting.text("FIRSTCOME_HTTP_HOST", "127.0.0.1",
            "The address that the ingress listens on, 0.0.0.0 for all.");
    private static final Setting<Integer> PORT = Setting.port("FIRSTCOME_HTTP_PORT", 8080, "The port for callers.");
    private static final Setting<String> ADMIN_HOST = Setting.optionalText("FIRSTCOME_ADMIN_HOST", "",
            "The address that the ingress listens on for operators. Empty: the same as for callers, FIRSTCOME_HTTP_HOST.");
    private static final Setting<Integer> ADMIN_PORT = Setting.port("FIRSTCOME_ADMIN_PORT", 8081,
            "The port for operators.");
    private static final Setting<AdminToken> ADMIN_TOKEN = new Setting<>("FIRSTCOME_ADMIN_TOKEN", "", Setting.SECRET,
            "What operators send as a bearer token. Without it, or with one that is easy to guess, the ingress does not"
                    + " start.",
            AdminToken::new);
    private static final Setting<Integer> ADMIN_FAILURES = Setting.number("FIRSTCOME_ADMIN_FAILURES_PER_MINUTE", 10, 1,
            1_000_000,
            "tokens per minute",
            "How many wrong tokens of one address are answered 401 before the rest is answered 429 unread.");
    private static final Setting<Duration> ADMIN_PATIENCE = Setting.millis("FIRSTCOME_ADMIN_TIMEOUT_MS", 10_000, 100,
            60_000, "How long an operator waits for the authority's decision before it is called unknown.");
    private static final Setting<URI> PROCESSOR = new Setting<>("FIRSTCOME_PROCESSOR_URL", "http://127.0.0.1:8082",
            "URL", "Where the processor answers queries.", HttpSettings::url);
    private static final Setting<URI> SINK = new Setting<>("FIRSTCOME_SINK_URL", "http://127.0.0.1:8083", "URL",
            "Where the sink answers queries.", HttpSettings::url);

    /** Every key, for the documentation. */
    public static final List<Setting<?>> ALL = List.of(HOST, PORT, ADMIN_HOST, ADMIN_PORT, ADMIN_TOKEN, ADMIN_FAILURES,
            ADMIN_PATIENCE, PROCESSOR, SINK);

    /** The settings of an environment. */
    public static HttpSettings from(Map<String, String> environment) {
        String host = HOST.from(environment);
        String adminHost = ADMIN_HOST.from(environment);
        return new HttpSettings(host, PORT.from(environment), adminHost.isEmpty() ? host : adminHost,
                ADMIN_PORT.from(environment),
                ADMIN_TOKEN.from(environment), ADMIN_FAILURES.from(environment), ADMIN_PATIENCE.from(environment),
                PROCESSOR.from(environment), SINK.from(environment));
    }

    private static URI url(String text) {
        URI url = URI.create(text);
        if (!("http".equals(url.getScheme()) || "https".equals(url.getScheme())) || url.getHost() == null
                || url.getRawUserInfo() != null) {
            throw new IllegalArgumentException("must look like http://host:port, without credentials: none are sent");
        }
        return url;
    }
}

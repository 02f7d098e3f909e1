package io.firstcome.kit.http;

import static java.util.stream.Collectors.toCollection;

import java.time.Duration;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import com.fasterxml.jackson.annotation.JsonInclude;

import io.firstcome.contract.ContractViolation;
import io.firstcome.kit.health.Health;
import io.firstcome.kit.metrics.Metrics;
import io.firstcome.kit.service.StartFailure;
import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import io.javalin.http.MethodNotAllowedResponse;
import io.javalin.util.JavalinBindException;
import io.micrometer.core.instrument.Timer;

/**
 * A Javalin server as every service has it: virtual threads, small bodies, each error a problem document, a request id on
 * every answer, {@code /livez}, {@code /readyz} and {@code /metrics}.
 */
public final class HttpServer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(HttpServer.class);

    private final Health health;
    private final Metrics metrics;
    private final Javalin javalin;
    private final JettyConfigurer edge;

    private HttpServer(JettyConfigurer edge, Health health, Metrics metrics, Consumer<RoutesConfig> routes) {
        this.edge = edge;
        this.health = health;
        this.metrics = metrics;
        this.javalin = Javalin.create(config -> configure(config, routes));
    }

    /**
     * Starts a server.
     *
     * @param host the address to listen on
     * @param port the port, or 0 for a free one
     * @param settings what the port bears
     * @throws StartFailure when the port is taken
     */
    public static HttpServer start(String host, int port, HttpServerSettings settings, Health health, Metrics metrics,
            Consumer<RoutesConfig> routes) {
        var edge = new JettyConfigurer(host, port, settings, metrics.registry());
        HttpServer shell = new HttpServer(edge, health, metrics, routes);
        try {
            shell.javalin.start();
            return shell;
        } catch (JavalinBindException e) {
            throw new StartFailure("port " + port + " on " + host + " is in use or not allowed; choose another", e);
        }
    }

    /** The port in use. */
    public int port() {
        return javalin.port();
    }

    /** Where the server answers, without a slash at the end. */
    public String url() {
        return "http://" + edge.host() + ":" + port();
    }

    /** Everything that answers, such as {@code GET /livez}. */
    public SortedSet<String> routes() {
        return javalin.unsafe.internalRouter.allHttpHandlers().stream().map(it -> it.endpoint)
                .filter(it -> it.method.isHttpMethod()).map(it -> it.method.name() + " " + it.path)
                .collect(toCollection(TreeSet::new));
    }

    /** Answers what is under way, then stops; fails, though it stops, when it had to drop something. */
    @Override
    public void close() {
        health.stopping(Duration.ZERO);
        javalin.stop();
    }

    private void configure(JavalinConfig config, Consumer<RoutesConfig> routes) {
        config.startup.showJavalinBanner = false;
        config.startup.showOldJavalinVersionWarning = false;
        config.concurrency.useVirtualThreads = true;
        config.http.maxRequestSize = JettyConfigurer.LARGEST_BODY_BYTES;
        config.http.prefer405over404 = true;
        edge.guard(config.jetty);
        config.requestLogger.http(this::measure);
        config.routes.before(this::begin);
        operations(config.routes);
        failures(config.routes);
        routes.accept(config.routes);
    }

    private void begin(Context context) {
        context.header(Requests.CONTENT_TYPE_OPTIONS, Requests.NO_SNIFFING);
        if (context.path().startsWith("/v1/")) {
            // It is true for the moment, and for whoever asked.
            context.header("Cache-Control", "no-store");
        }
        if (health.isStopping()) {
            // Whoever keeps the connection for later would find it closed.
            context.header("Connection", "close");
        }
        Requests.id(context);
    }

    private void operations(RoutesConfig routes) {
        routes.get("/livez", context -> report(context, health.problemsOfLiveness()));
        routes.get("/readyz", context -> report(context, health.problemsOfReadiness()));
        routes.get("/metrics", new MetricsPage(metrics.registry()));
    }

    private static void report(Context context, Map<String, String> problems) {
        boolean fine = problems.isEmpty();
        Requests.answer(context, fine ? 200 : 503, new Report(fine ? "ok" : "not ready", problems));
    }

    /** @param problems by check; left out where there are none */
    private record Report(String status, @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, String> problems) {}

    private static void failures(RoutesConfig routes) {
        routes.exception(ProblemException.class, (e, context) -> Requests.answer(context, e.problem()));
        routes.exception(ContractViolation.class,
                (e, context) -> Requests.answer(context, Problem.invalidRequest(e.field(), e.getMessage())));
        routes.exception(MethodNotAllowedResponse.class, HttpServer::wrongMethod);
        routes.exception(HttpResponseException.class, (e, context) -> Requests.answer(context, ofStatus(e)));
        routes.exception(Exception.class, HttpServer::unexpected);
    }

    private static void wrongMethod(MethodNotAllowedResponse e, Context context) {
        context.header("Allow", String.join(", ", e.getDetails().values()));
        Requests.answer(context, Problem.methodNotAllowed("The header Allow names those that it knows."));
    }

    private static Problem ofStatus(HttpResponseException e) {
        return switch (e.getStatus()) {
            case 404 -> Problem.notFound("No route answers at this path.");
            case 413 -> Problem.tooLarge();
            default -> Problem.of("refused", e.getStatus(), "The request was refused.", null);
        };
    }

    private static void unexpected(Exception e, Context context) {
        LOG.error("request {} {} {} failed", Requests.id(context), context.method(), context.path(), e);
        Requests.answer(context, Problem.internal());
    }

    private void measure(Context context, Float millis) {
        Timer.builder("http.server.requests").tag("method", context.method().name())
                .tag("route", String.valueOf(context.endpoint().path))
                .tag("status", String.valueOf(context.statusCode())).register(metrics.registry())
                .record((long) (millis * 1000), TimeUnit.MICROSECONDS);
    }
}

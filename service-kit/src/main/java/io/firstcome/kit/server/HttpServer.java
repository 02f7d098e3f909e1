package io.firstcome.kit.server;

import static java.util.stream.Collectors.toCollection;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Consumer;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

import com.fasterxml.jackson.annotation.JsonInclude;

import io.firstcome.contract.json.ContractViolation;
import io.firstcome.kit.early.EarlyAnswers;
import io.firstcome.kit.early.EarlyHandler;
import io.firstcome.kit.health.Health;
import io.firstcome.kit.http.HttpLimits;
import io.firstcome.kit.http.Problem;
import io.firstcome.kit.http.ProblemException;
import io.firstcome.kit.http.ProblemType;
import io.firstcome.kit.http.Requests;
import io.firstcome.kit.logging.Logging;
import io.firstcome.kit.metrics.Meters;
import io.firstcome.kit.metrics.Metrics;
import io.firstcome.kit.server.spans.RequestSpans;
import io.firstcome.kit.service.StartFailure;
import io.firstcome.kit.tracing.Tracing;
import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import io.javalin.http.MethodNotAllowedResponse;
import io.javalin.util.JavalinBindException;

/**
 * The HTTP server of every service: Javalin with virtual threads, small bodies, problem documents for all errors, a
 * request id on every answer, {@code /livez}, {@code /readyz} and {@code /metrics}.
 */
public final class HttpServer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(HttpServer.class);

    private final Health health;
    private final Metrics metrics;
    private final Javalin javalin;
    private final JettyConfigurer jetty;
    private final RequestTimers timers;
    private final RequestSpans spans;

    private HttpServer(JettyConfigurer jetty, Health health, Metrics metrics, RequestTimers timers, RequestSpans spans,
            Consumer<RoutesConfig> routes) {
        this.jetty = jetty;
        this.health = health;
        this.metrics = metrics;
        this.timers = timers;
        this.spans = spans;
        this.javalin = Javalin.create(config -> configure(config, routes));
    }

    /**
     * Starts a server.
     *
     * @param host the address to listen on
     * @param port the port, or 0 for a free one
     * @param settings the limits of the port
     * @throws StartFailure when the port is taken
     */
    public static HttpServer start(String host, int port, HttpServerSettings settings, Health health, Metrics metrics,
            Consumer<RoutesConfig> routes) {
        return start(host, port, settings, health, metrics, Tracing.OFF, routes, Optional.empty());
    }

    /**
     * Starts a server that traces requests, and answers some before any route sees them.
     *
     * @throws StartFailure when the port is taken
     */
    public static HttpServer start(String host, int port, HttpServerSettings settings, Health health, Metrics metrics,
            Tracing tracing, Consumer<RoutesConfig> routes, Optional<EarlyAnswers> early) {
        var timers = new RequestTimers(metrics.registry());
        // The two ports of an ingress report the same health.
        if (metrics.registry().find(Meters.READY.name()).gauge() == null) {
            Meters.READY.register(metrics.registry(), () -> health.problemsOfReadiness().isEmpty() ? 1 : 0);
            Meters.LIVE.register(metrics.registry(), () -> health.problemsOfLiveness().isEmpty() ? 1 : 0);
        }
        // Services in one process share the log, so each of them reports its problem.
        health.liveWhen("log-levels", Logging::problem);
        var spans = new RequestSpans(tracing);
        Optional<EarlyHandler> earlyHandler = early.map(it -> new EarlyHandler(it, (request, answer, nanos) -> {
            timers.record(request.getMethod(), answer.route(), answer.status(), nanos);
            spans.answeredEarly(request, answer, nanos);
        }));
        var jetty = new JettyConfigurer(host, port, settings, metrics.registry(), earlyHandler);
        var server = new HttpServer(jetty, health, metrics, timers, spans, routes);
        try {
            server.javalin.start();
            return server;
        } catch (JavalinBindException e) {
            throw new StartFailure("port " + port + " on " + host + " is in use or not permitted; choose another port",
                    e);
        }
    }

    /** The port in use. */
    public int port() {
        return javalin.port();
    }

    /** The base URL, without a trailing slash. */
    public String url() {
        String host = jetty.host();
        // A URL has brackets around an IPv6 address (RFC 3986, section 3.2.2).
        return "http://" + (host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host) + ":" + port();
    }

    /** All routes, such as {@code GET /livez}. */
    public SortedSet<String> routes() {
        return javalin.unsafe.internalRouter.allHttpHandlers().stream().map(it -> it.endpoint)
                .filter(it -> it.method.isHttpMethod()).map(it -> it.method.name() + " " + it.path)
                .collect(toCollection(TreeSet::new));
    }

    /** Completes the requests in progress, then stops. Throws, after it has stopped, when it had to drop requests. */
    @Override
    public void close() {
        health.stopping(Duration.ZERO);
        javalin.stop();
    }

    private void configure(JavalinConfig config, Consumer<RoutesConfig> routes) {
        config.startup.showJavalinBanner = false;
        config.startup.showOldJavalinVersionWarning = false;
        config.http.maxRequestSize = HttpLimits.MAX_BODY_BYTES;
        config.http.prefer405over404 = true;
        jetty.configure(config.jetty);
        config.requestLogger.http(this::measure);
        config.routes.before(this::addCommonHeaders);
        addOperationRoutes(config.routes);
        addExceptionHandlers(config.routes);
        routes.accept(config.routes);
    }

    private void addCommonHeaders(Context context) {
        spans.begin(context);
        context.header("X-Content-Type-Options", "nosniff");
        if (context.path().startsWith("/v1/")) {
            // The answer is valid at this moment and for this caller only.
            context.header("Cache-Control", "no-store");
        }
        if (health.isStopping()) {
            // A client that reused the connection later would find it closed.
            context.header("Connection", "close");
        }
        Requests.id(context);
    }

    private void addOperationRoutes(RoutesConfig routes) {
        routes.get("/livez", context -> report(context, "not live", health.problemsOfLiveness()));
        routes.get("/readyz", context -> report(context, "not ready", health.problemsOfReadiness()));
        routes.get("/metrics", new MetricsPage(metrics));
    }

    private static void report(Context context, String unhealthy, Map<String, String> problems) {
        boolean healthy = problems.isEmpty();
        Requests.answer(context, healthy ? 200 : 503, new Report(healthy ? "ok" : unhealthy, problems));
    }

    /** @param problems by check; omitted when empty */
    private record Report(String status, @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, String> problems) {}

    private static void addExceptionHandlers(RoutesConfig routes) {
        routes.exception(ProblemException.class, (e, context) -> Requests.answer(context, e.problem()));
        routes.exception(ContractViolation.class,
                (e, context) -> Requests.answer(context, Problem.invalidRequest(e.field(), e.getMessage())));
        routes.exception(MethodNotAllowedResponse.class, HttpServer::methodNotAllowed);
        routes.exception(HttpResponseException.class, (e, context) -> Requests.answer(context, problem(e.getStatus())));
        routes.exception(Exception.class, HttpServer::unexpected);
    }

    private static void methodNotAllowed(MethodNotAllowedResponse e, Context context) {
        context.header("Allow", String.join(", ", e.getDetails().values()));
        Requests.answer(context, Problem.of(ProblemType.METHOD_NOT_ALLOWED));
    }

    private static Problem problem(int status) {
        return switch (status) {
            case 404 -> Problem.of(ProblemType.NOT_FOUND);
            case 413 -> Problem.of(ProblemType.TOO_LARGE);
            default -> Problem.refused(status);
        };
    }

    private static void unexpected(Exception e, Context context) {
        // The route, because the path may name a user.
        LOG.error("{} {} failed", context.method(), context.endpoint().path, e);
        Requests.answer(context, Problem.of(ProblemType.INTERNAL));
    }

    private void measure(Context context, Float millis) {
        String route = String.valueOf(context.endpoint().path);
        timers.record(context.method().name(), route, context.statusCode(), (long) (millis * 1_000_000));
        if (LOG.isDebugEnabled()) {
            LOG.debug("{} {} was answered {} after {} ms", context.method(), route, context.statusCode(), millis);
        }
        spans.end(context, route);
        // The thread may serve another request of the connection.
        MDC.clear();
    }
}

package io.firstcome.kit.server;

import java.time.Duration;
import java.util.Optional;

import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

import io.firstcome.kit.early.EarlyHandler;
import io.firstcome.kit.http.HttpLimits;
import io.firstcome.kit.server.deferred.DisconnectMonitor;
import io.firstcome.kit.server.pipelining.PipelinedRequests;
import io.firstcome.kit.server.pipelining.TurnConnections;
import io.javalin.config.JettyConfig;
import io.micrometer.core.instrument.MeterRegistry;

/** Configures Jetty: limits on connections, heads and time, and strict parsing, before any route sees a request. */
record JettyConfigurer(String host, int port, HttpServerSettings settings, MeterRegistry meters,
        Optional<EarlyHandler> early) {

    /** Longer than clients keep an unused connection; otherwise they would send into a connection that is closing. */
    private static final Duration IDLE_TIMEOUT = Duration.ofSeconds(60);
    /** When a sale opens, all clients connect at once; a client that the kernel rejects retries only after a second. */
    private static final int ACCEPT_QUEUE_SIZE = 4096;
    /**
     * Of each connection in the kernel, in bytes. Linux would otherwise hold up to 4 MiB of the answers that a client
     * does not read. The answers to claims have less than 2 KiB.
     */
    private static final int SEND_BUFFER_SIZE = 64 * 1024;
    /** The shortest time that a Retry-After header can name. */
    private static final Duration REFUSAL_PAUSE = Duration.ofSeconds(1);
    /** Enough to keep all processors busy while some requests wait for the log. */
    private static final int PIPELINED_AT_ONCE = 4 * Runtime.getRuntime().availableProcessors();

    void configure(JettyConfig jetty) {
        jetty.threadPool = HttpThreads.pool();
        jetty.modifyServer(this::configure);
        jetty.modifyHttpConfiguration(this::configure);
        jetty.modifyServletContextHandler(context -> context.setSessionHandler(new NoSessions()));
        jetty.addConnector(this::connector);
    }

    private void configure(Server server) {
        // Without a stop timeout Jetty drops the requests in progress.
        server.setStopTimeout(settings.stopTimeout().toMillis());
        server.setErrorHandler(new JettyErrorHandler(meters));
        early.ifPresent(server::insertHandler);
        server.insertHandler(new MethodFilter());
        server.insertHandler(new PipelinedRequests(PIPELINED_AT_ONCE, settings.readTimeout(), REFUSAL_PAUSE));
        server.addBean(new NetworkConnectionLimit(settings.connections(), server));
    }

    private void configure(HttpConfiguration http) {
        http.setSendServerVersion(false);
        http.setRequestHeaderSize(HttpLimits.MAX_HEAD_BYTES);
        http.setHttpCompliance(HttpCompliance.STRICT);
        http.setUriCompliance(UriCompliance.RFC3986);
        // Otherwise a header value of an earlier request replaces one that differs in case only.
        http.setHeaderCacheCaseSensitive(true);
        // Applies while a body is read or an answer is written, not while a handler works.
        http.setIdleTimeout(settings.readTimeout().toMillis());
    }

    private ServerConnector connector(Server server, HttpConfiguration http) {
        var connector = new ServerConnector(server, null, null, null, HttpThreads.ACCEPTORS, HttpThreads.selectors(),
                new TurnConnections(http));
        connector.setHost(host);
        connector.setPort(port);
        connector.setAcceptQueueSize(ACCEPT_QUEUE_SIZE);
        connector.setAcceptedSendBufferSize(SEND_BUFFER_SIZE);
        connector.setIdleTimeout(IDLE_TIMEOUT.toMillis());
        connector.addBean(new HttpLimits.ReadTimeout(settings.readTimeout()));
        connector.addBean(new DisconnectMonitor(connector));
        connector.addBean(new SlowConnectionCloser(connector, settings.readTimeout()));
        return connector;
    }
}

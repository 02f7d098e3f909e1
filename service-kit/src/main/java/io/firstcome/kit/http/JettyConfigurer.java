package io.firstcome.kit.http;

import java.time.Duration;

import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

import io.javalin.config.JettyConfig;
import io.micrometer.core.instrument.MeterRegistry;

/** What a port demands of whoever connects to it, before anything looks at what is asked. */
record JettyConfigurer(String host, int port, HttpServerSettings settings, MeterRegistry meters) {

    /** First line and headers together. */
    static final int LARGEST_HEAD_BYTES = 8192;
    static final int LARGEST_BODY_BYTES = 4096;

    /** Longer than clients keep an unused connection, or they would send into one that is just being closed. */
    private static final Duration LONGEST_SILENCE = Duration.ofSeconds(60);
    /** When a sale opens, all come at once: whom the kernel turns away tries again only a second later. */
    private static final int MOST_CONNECTING = 4096;

    void guard(JettyConfig jetty) {
        jetty.modifyServer(this::guard);
        jetty.modifyHttpConfiguration(this::guard);
        jetty.modifyServletContextHandler(context -> context.setSessionHandler(new NoSessions()));
        jetty.addConnector(this::connector);
    }

    private void guard(Server server) {
        // Without a stop timeout Jetty drops the requests under way.
        server.setStopTimeout(settings.stopPatience().toMillis());
        server.setErrorHandler(new JettyErrorHandler(meters));
        server.insertHandler(new MethodFilter());
        server.addBean(new NetworkConnectionLimit(settings.connections(), server));
    }

    private void guard(HttpConfiguration http) {
        http.setSendServerVersion(false);
        http.setRequestHeaderSize(LARGEST_HEAD_BYTES);
        http.setHttpCompliance(HttpCompliance.STRICT);
        http.setUriCompliance(UriCompliance.RFC3986);
        // Else a connection's later headers are taken for its earlier ones where they differ in nothing but case.
        http.setHeaderCacheCaseSensitive(true);
        // It counts only while a body is read or an answer written, not while an answer is waited for.
        http.setIdleTimeout(settings.sendTimeout().toMillis());
    }

    private ServerConnector connector(Server server, HttpConfiguration http) {
        var connector = new ServerConnector(server, new HttpConnectionFactory(http));
        connector.setHost(host);
        connector.setPort(port);
        connector.setAcceptQueueSize(MOST_CONNECTING);
        connector.setIdleTimeout(LONGEST_SILENCE.toMillis());
        connector.addBean(new SlowConnectionCloser(connector, settings.sendTimeout()));
        return connector;
    }
}

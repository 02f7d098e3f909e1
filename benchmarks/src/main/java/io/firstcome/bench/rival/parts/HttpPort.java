package io.firstcome.bench.rival.parts;

import java.util.function.Consumer;

import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.ServerConnector;

import io.firstcome.embedded.process.Loopback;
import io.firstcome.kit.server.HttpThreads;
import io.javalin.Javalin;
import io.javalin.config.RoutesConfig;

/** Javalin with the settings of FirstCome's servers that affect speed: the same threads and a long accept queue. */
public final class HttpPort {

    /** All clients of a sale connect at once; a client that the kernel rejects retries only after a second. */
    private static final int ACCEPT_QUEUE_SIZE = 4096;
    private static final long STOP_TIMEOUT_MILLIS = 5_000;

    private HttpPort() {}

    /** Starts a server on a port of the loopback interface. */
    public static Javalin start(int port, Consumer<RoutesConfig> routes) {
        return Javalin.create(config -> {
            config.startup.showJavalinBanner = false;
            config.startup.showOldJavalinVersionWarning = false;
            config.jetty.threadPool = HttpThreads.pool();
            config.jetty.modifyServer(server -> server.setStopTimeout(STOP_TIMEOUT_MILLIS));
            config.jetty.modifyHttpConfiguration(http -> http.setSendServerVersion(false));
            config.jetty.addConnector((server, http) -> {
                var connector = new ServerConnector(server, null, null, null, HttpThreads.ACCEPTORS,
                        HttpThreads.selectors(), new HttpConnectionFactory(http));
                connector.setHost(Loopback.ADDRESS);
                connector.setPort(port);
                connector.setAcceptQueueSize(ACCEPT_QUEUE_SIZE);
                return connector;
            });
            routes.accept(config.routes);
        }).start();
    }
}

package io.firstcome.bench.load;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

/** An HTTP server whose answers a test chooses. */
final class ScriptedServer implements AutoCloseable {

    private final HttpServer server;
    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
    private final List<String> bodies = new CopyOnWriteArrayList<>();

    /** Chooses the answer to one request. */
    interface Script {

        /**
         * Returns the status of the answer; 503 is sent with {@code Retry-After: 1}.
         *
         * @param number how many requests came before this one
         */
        int status(int number, HttpExchange request) throws InterruptedException;
    }

    ScriptedServer(Script script) throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 128);
        server.setExecutor(executor);
        server.createContext("/", exchange -> answer(script, exchange));
        server.start();
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** The bodies of all requests in the order of their arrival. */
    List<String> bodies() {
        return List.copyOf(bodies);
    }

    private void answer(Script script, HttpExchange exchange) throws IOException {
        int number;
        synchronized (bodies) {
            number = bodies.size();
            bodies.add(new String(exchange.getRequestBody().readAllBytes()));
        }
        try {
            int status = script.status(number, exchange);
            if (status == 503) {
                exchange.getResponseHeaders().add("Retry-After", "1");
            }
            byte[] body = "{\"type\":\"urn:test:scripted\"}".getBytes();
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            exchange.close();
        }
    }

    @Override
    public void close() {
        server.stop(0);
        executor.close();
    }
}

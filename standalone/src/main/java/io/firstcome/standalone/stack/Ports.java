package io.firstcome.standalone.stack;

import java.util.Optional;

import io.firstcome.embedded.process.FreePort;

/**
 * The ports of a stack, all on the loopback interface.
 *
 * @param http the public API
 * @param admin the operators' API
 * @param processor the authority's queries
 * @param sink the sink's queries, health and metrics
 * @param kafka the embedded broker
 * @param redis the embedded Redis
 * @param mysql the embedded MariaDB
 */
public record Ports(int http, int admin, int processor, int sink, int kafka, int redis, int mysql) {

    /** Seven free ports. */
    public static Ports free() {
        return new Ports(FreePort.pick(), FreePort.pick(), FreePort.pick(), FreePort.pick(), FreePort.pick(),
                FreePort.pick(), FreePort.pick());
    }

    /** Checks all ports before anything is started. */
    void requireFree(StackOptions options) {
        FreePort.require("the public API (--http-port)", http);
        FreePort.require("the operators' API (--admin-port)", admin);
        FreePort.require("the processor (--processor-port)", processor);
        FreePort.require("the sink (--sink-port)", sink);
        requireUnless(options.kafka(), "Kafka (--kafka-port)", kafka);
        requireUnless(options.redis(), "Redis (--redis-port)", redis);
        requireUnless(options.jdbcUrl(), "MariaDB (--mysql-port)", mysql);
    }

    private static void requireUnless(Optional<String> externalServer, String server, int port) {
        if (externalServer.isEmpty()) {
            FreePort.require(server, port);
        }
    }
}

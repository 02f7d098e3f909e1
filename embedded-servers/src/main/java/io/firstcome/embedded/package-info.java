/**
 * A real Kafka broker, Redis and MariaDB as objects: a static {@code start} starts them, {@code close} stops them.
 *
 * <p>Each server uses one directory and one port on the loopback interface. When it cannot be started, {@code start}
 * throws a {@link io.firstcome.embedded.process.ServerStartFailure} whose message names a remedy.
 */
package io.firstcome.embedded;

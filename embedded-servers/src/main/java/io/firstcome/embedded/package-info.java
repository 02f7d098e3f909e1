/**
 * A real Kafka broker, Redis and MariaDB as objects: started by a static {@code start}, ended by {@code close}.
 *
 * <p>Each server owns one directory and one loopback port. Whatever keeps it from starting arrives as one
 * {@link io.firstcome.embedded.ServerStartFailure} whose message says what to do.
 */
package io.firstcome.embedded;

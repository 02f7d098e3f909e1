/**
 * The tables, and the transaction that changes them. Start at {@link io.firstcome.sink.mysql.MySqlWriter}.
 *
 * <p>Every statement works on MySQL and on MariaDB. This package does not know Kafka.
 */
package io.firstcome.sink.mysql;

/**
 * The tables and the one transaction that changes them. Start at {@link io.firstcome.sink.mysql.MySqlWriter}.
 *
 * <p>Every statement holds on MySQL and on MariaDB. Nothing here knows a consumer.
 */
package io.firstcome.sink.mysql;

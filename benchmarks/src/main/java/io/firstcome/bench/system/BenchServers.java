package io.firstcome.bench.system;

import java.net.URI;

/**
 * The servers that all parts of one run share.
 *
 * @param kafkaBootstrap the bootstrap servers of the Kafka cluster
 * @param redis the URI of Redis
 * @param jdbcUrl the URL of a MySQL or MariaDB database, without user and password
 * @param jdbcUser the user of the database
 * @param jdbcPassword the password of the user; may be empty
 */
public record BenchServers(String kafkaBootstrap, URI redis, String jdbcUrl, String jdbcUser, String jdbcPassword) {}

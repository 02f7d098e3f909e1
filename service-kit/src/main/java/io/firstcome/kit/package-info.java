/** What all services share: settings, HTTP server, health, metrics, topics, Kafka clients, service loops. */
package io.firstcome.kit;

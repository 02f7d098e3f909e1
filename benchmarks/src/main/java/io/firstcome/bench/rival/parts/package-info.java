/** What the rivals and the bare server have in common: child JVM, HTTP, Redis, Kafka, database. */
package io.firstcome.bench.rival.parts;

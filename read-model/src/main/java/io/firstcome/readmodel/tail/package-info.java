/** What every user of Kafka in this module shares: clients with their metrics, and reading a topic from start to now. */
package io.firstcome.readmodel.tail;

/** What a batch of outcomes changes in the tables. Pure: no Kafka, no database, no clock. */
package io.firstcome.sink.batch;

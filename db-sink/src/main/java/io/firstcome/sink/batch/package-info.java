/** What a run of outcomes means for the tables. Pure: no Kafka, no database, no clock. */
package io.firstcome.sink.batch;

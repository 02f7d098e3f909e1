/** From Kafka to MySQL. Start at {@link io.firstcome.sink.loop.SinkLoop}. */
package io.firstcome.sink.loop;

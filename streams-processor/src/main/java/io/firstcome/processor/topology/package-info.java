/**
 * The authority inside Kafka Streams. {@link io.firstcome.processor.topology.CouponTopology} shows the whole of it; the
 * processor between source and sinks is a thin shell around the rules in {@code issuance}.
 */
package io.firstcome.processor.topology;

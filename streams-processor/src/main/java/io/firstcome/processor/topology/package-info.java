/**
 * The authority inside Kafka Streams. {@link io.firstcome.processor.topology.CouponTopology} shows the whole data flow;
 * {@code IssuanceProcessor}, between source and sinks, applies the rules of {@code issuance}.
 */
package io.firstcome.processor.topology;

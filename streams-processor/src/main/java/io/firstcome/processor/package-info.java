/**
 * The authority: it decides every command and answers queries about its decisions. Start at
 * {@link io.firstcome.processor.topology.CouponTopology}, then read
 * {@link io.firstcome.processor.issuance.IssuancePolicy}.
 */
package io.firstcome.processor;

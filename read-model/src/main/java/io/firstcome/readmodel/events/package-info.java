/** The latest events of each coupon, for subscribers. Start at {@link io.firstcome.readmodel.events.EventBuffers}. */
package io.firstcome.readmodel.events;

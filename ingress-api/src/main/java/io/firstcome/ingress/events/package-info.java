/** Server-sent events about a coupon. Start at {@link io.firstcome.ingress.events.Subscription}. */
package io.firstcome.ingress.events;

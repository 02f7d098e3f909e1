/** What happens to a coupon, told as it happens. Start at {@link io.firstcome.ingress.events.Subscription}. */
package io.firstcome.ingress.events;

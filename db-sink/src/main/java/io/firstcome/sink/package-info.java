/**
 * The sink: MySQL remembers what the log decided.
 *
 * <p>It reads {@code coupon-outcomes} and nothing else. A coupon's definition and every change of it stand there too, on
 * the same partition and before the issues they allow; {@code coupon-states} is folded from the same outcomes, and as a
 * second topic would race with the first.
 */
package io.firstcome.sink;

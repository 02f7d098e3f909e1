/** The guarantees of the system as objects that check evidence. Start at {@link Guarantees}. */
package io.firstcome.testkit.guarantee;

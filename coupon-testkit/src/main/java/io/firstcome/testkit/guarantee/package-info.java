/** What the system promises, as objects that judge evidence. Start at {@link Guarantees}. */
package io.firstcome.testkit.guarantee;

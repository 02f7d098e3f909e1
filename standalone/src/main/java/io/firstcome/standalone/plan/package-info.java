/**
 * Capacity planning: what a sale needs, by formulas over measured figures. {@link CapacityFormulas} has the formulas,
 * {@code docs/capacity.md} explains them.
 */
package io.firstcome.standalone.plan;

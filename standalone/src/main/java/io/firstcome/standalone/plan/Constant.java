package io.firstcome.standalone.plan;

/**
 * A figure that formulas use and that was measured or assumed before.
 *
 * @param source the workload of {@code docs/performance.json}, the page that states the figure, or the assumption
 */
record Constant(String name, double value, String unit, String source) {}

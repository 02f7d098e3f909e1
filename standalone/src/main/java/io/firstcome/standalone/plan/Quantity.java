package io.firstcome.standalone.plan;

/**
 * One line of a plan.
 *
 * @param id the name in JSON
 * @param name the name for people
 * @param unit the unit; {@code B} and {@code B/s} for bytes, empty for a plain number
 * @param formula how the value was calculated, in words
 */
record Quantity(String id, String name, double value, String unit, String formula) {}

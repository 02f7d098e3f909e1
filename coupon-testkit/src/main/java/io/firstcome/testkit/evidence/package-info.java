/** Observations of a run: the topics, MySQL's rows, HTTP answers, the gate. Start at {@link Evidence}. */
package io.firstcome.testkit.evidence;

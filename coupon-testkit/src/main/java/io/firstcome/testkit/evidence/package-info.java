/** What was seen of a run: the log, MySQL's rows, HTTP answers, the gate. Start at {@link Evidence}. */
package io.firstcome.testkit.evidence;

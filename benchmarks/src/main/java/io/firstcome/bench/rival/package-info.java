/**
 * Other designs for the same task, written for the comparison. Start at {@link io.firstcome.bench.rival.Rivals}. Each
 * rival runs in a JVM of its own, with the same libraries and the same HTTP call as FirstCome.
 */
package io.firstcome.bench.rival;

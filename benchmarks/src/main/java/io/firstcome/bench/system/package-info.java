/** The systems and limits that a run measures. */
package io.firstcome.bench.system;

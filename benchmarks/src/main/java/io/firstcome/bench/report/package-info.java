/** Figures as JSON, tables and plots. */
package io.firstcome.bench.report;

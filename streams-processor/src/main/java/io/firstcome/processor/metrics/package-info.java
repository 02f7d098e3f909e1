/** What the authority measures of its decisions, commits and restorations. */
package io.firstcome.processor.metrics;

/** The load generator: a process of its own that sends claims and measures the answers. */
package io.firstcome.bench.load;

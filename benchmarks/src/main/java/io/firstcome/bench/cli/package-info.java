/** The command line of the benchmarks. */
package io.firstcome.bench.cli;

/** The kinds of load. */
package io.firstcome.bench.workload;

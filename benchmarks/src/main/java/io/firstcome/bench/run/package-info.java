/** The order of a run: systems, rounds, figures. */
package io.firstcome.bench.run;

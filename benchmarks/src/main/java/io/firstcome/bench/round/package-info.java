/** What a load is, and one round of it. Start at {@link io.firstcome.bench.round.Workload}. */
package io.firstcome.bench.round;

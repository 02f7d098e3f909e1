/** A bad caller with many connections. Start at {@link io.firstcome.bench.attack.Attack}. */
package io.firstcome.bench.attack;

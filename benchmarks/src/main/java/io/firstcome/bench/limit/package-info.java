/**
 * Upper bounds of single steps, measured in the same run as the systems. Start at
 * {@link io.firstcome.bench.limit.Limits}.
 */
package io.firstcome.bench.limit;

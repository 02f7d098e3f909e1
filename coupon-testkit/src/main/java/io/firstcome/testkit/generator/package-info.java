/** Random histories that a seed brings back. Start at {@link History}. */
package io.firstcome.testkit.generator;

/** Random command histories that are reproducible by their seed. Start at {@link History}. */
package io.firstcome.testkit.generator;

/** One class for each guarantee. */
package io.firstcome.testkit.guarantee.checks;

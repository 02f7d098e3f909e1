/** What was committed when, derived from the log. */
package io.firstcome.testkit.facts;

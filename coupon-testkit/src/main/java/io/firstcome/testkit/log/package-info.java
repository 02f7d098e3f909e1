/** What the topics hold, read from their first record. */
package io.firstcome.testkit.log;

/** Services in separate processes, for tests that kill them. */
package io.firstcome.testkit.process;

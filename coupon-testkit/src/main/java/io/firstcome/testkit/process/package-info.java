/** Services as processes of their own, for tests that kill them. */
package io.firstcome.testkit.process;

/** How long tests wait for what they wait for. */
package io.firstcome.testkit.awaitility;

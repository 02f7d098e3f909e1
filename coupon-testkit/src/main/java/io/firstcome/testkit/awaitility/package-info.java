/** The default timeout of asynchronous assertions in tests. */
package io.firstcome.testkit.awaitility;

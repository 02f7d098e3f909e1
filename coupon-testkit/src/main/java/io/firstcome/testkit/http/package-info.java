/** HTTP without a client that would keep one from sending what no client may send. */
package io.firstcome.testkit.http;

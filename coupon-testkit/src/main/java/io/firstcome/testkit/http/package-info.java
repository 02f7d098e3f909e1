/** Raw HTTP for tests that send malformed requests. */
package io.firstcome.testkit.http;

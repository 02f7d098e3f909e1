/** A client of the HTTP API, as docs/clients.md describes one. */
package io.firstcome.standalone.client;

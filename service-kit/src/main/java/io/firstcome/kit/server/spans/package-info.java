/** The spans of the requests to a port. */
package io.firstcome.kit.server.spans;

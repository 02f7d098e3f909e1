/** Answers that are written after the handler of their request has returned. */
package io.firstcome.kit.server.deferred;

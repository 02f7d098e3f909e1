/** Operators' commands, on a separate port. */
package io.firstcome.ingress.admin;

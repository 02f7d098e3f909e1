/** Operators' commands, on a port of their own. */
package io.firstcome.ingress.admin;

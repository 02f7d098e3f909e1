/** Writes commands to the log and says what is known of their fate. */
package io.firstcome.ingress.publishing;

/** Appends commands to the log and reports what is known about each append. */
package io.firstcome.ingress.publishing;

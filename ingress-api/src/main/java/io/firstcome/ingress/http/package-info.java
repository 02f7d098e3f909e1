/** Headers and problems that several features share. */
package io.firstcome.ingress.http;

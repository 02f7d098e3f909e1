/** What the answers of several features have in common. */
package io.firstcome.ingress.http;

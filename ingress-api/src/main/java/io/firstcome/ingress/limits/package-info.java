/** What keeps one caller, or all of them together, from taking more than the ingress can give. */
package io.firstcome.ingress.limits;

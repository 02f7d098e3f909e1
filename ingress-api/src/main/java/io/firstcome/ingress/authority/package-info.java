/** What the ingress reads from the authority's query port on its own account. */
package io.firstcome.ingress.authority;

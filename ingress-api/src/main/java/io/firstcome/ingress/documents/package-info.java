/** The documents for authors of clients. Start at {@link io.firstcome.ingress.documents.DocumentRoutes}. */
package io.firstcome.ingress.documents;

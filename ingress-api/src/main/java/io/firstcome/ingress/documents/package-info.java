/** What those who write clients read. Start at {@link io.firstcome.ingress.documents.DocumentRoutes}. */
package io.firstcome.ingress.documents;

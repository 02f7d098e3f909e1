/** What those who write clients read. Start at {@link io.firstcome.ingress.documents.DocumentsHttp}. */
package io.firstcome.ingress.documents;

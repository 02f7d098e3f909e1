/** How services report their own status to the ingress. */
package io.firstcome.kit.status;

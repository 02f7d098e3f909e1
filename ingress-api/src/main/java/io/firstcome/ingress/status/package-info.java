/** The status of all components, for operators. Start at {@link io.firstcome.ingress.status.SystemStatusReader}. */
package io.firstcome.ingress.status;
